/** Endings of files people keep brand guides and figures in. */
export const GUIDE_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
  '.md': 'text/markdown',
  '.csv': 'text/csv',
}
