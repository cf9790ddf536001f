export interface PanelResources {
  /** `webview.cspSource`. */
  source: string;
  nonce: string;
  script: string;
  styles: readonly string[];
  title: string;
}

/**
 * The panel's page. Nothing may run or load but our own files: no inline script, no inline style, no network. Everything else
 * is drawn by the script as text.
 */
export function panelHtml({ source, nonce, script, styles, title }: PanelResources): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `font-src ${source}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  const sheets = styles.map((href) => `<link rel="stylesheet" href="${href}">`).join('\n    ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    ${sheets}
    <title>${title}</title>
  </head>
  <body>
    <div id="status" role="status" aria-live="polite"></div>
    <main>
      <div id="report"></div>
      <section id="log"></section>
    </main>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`;
}
