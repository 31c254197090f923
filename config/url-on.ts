/** Where a program that listens on an address answers on its own machine: an address that means all of them includes loopback. */
export function urlOn(host: string, port: number): string {
  const own = loopbackOf[host] ?? host;
  return `http://${own.includes(':') ? `[${own}]` : own}:${port}`;
}

const loopbackOf: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
