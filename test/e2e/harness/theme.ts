export type Theme = 'light' | 'dark' | 'high-contrast';

const THEMES: Record<Theme, { name: string; className: string }> = {
  light: { name: 'Light Modern', className: 'vs' },
  dark: { name: 'Dark Modern', className: 'vs-dark' },
  'high-contrast': { name: 'Default High Contrast', className: 'hc-black' },
};

/** The user setting of a colour theme. */
export function themeSetting(theme: Theme): Record<string, string> {
  return { 'workbench.colorTheme': THEMES[theme].name };
}

/** The class that the workbench carries once the theme is drawn. */
export function themeClass(theme: Theme): string {
  return THEMES[theme].className;
}
