#!/usr/bin/env node
import './cli/node-version-guard';

// Only now: what follows may be more than an older Node can even read.
void import('./cli/main');
