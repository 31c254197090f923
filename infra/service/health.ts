/** A container's question to its own program: Node is the only program in the image. */
export const askItself = (port: number, path: string): string[] => [
  'CMD',
  'node',
  '-e',
  `fetch('http://127.0.0.1:${port}${path}').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`,
];
