/** Follows the computer's wish between light and dark; `?theme=` decides for a fixed screen. */
export function followTheme(): void {
  const asked = new URLSearchParams(location.search).get('theme');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => setTheme(asked ?? (dark.matches ? 'dark' : 'light'));
  dark.addEventListener('change', apply);
  apply();
}

export function setTheme(theme: string): void {
  document.documentElement.dataset.theme = theme;
}
