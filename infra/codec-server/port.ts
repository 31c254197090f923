/** The port of the codec server, which a person gets on their own machine. */
export const codecServerPort = 3002;
