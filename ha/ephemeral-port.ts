/** Linux takes the port of an outgoing connection from here (net.ipv4.ip_local_port_range, its default). */
const ephemeral = { first: 32_768, last: 60_999 };

/** Whether an outgoing connection may take this port before a daemon listens on it. */
export const inEphemeralRange = (port: number): boolean => port >= ephemeral.first && port <= ephemeral.last;
