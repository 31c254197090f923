/** A4 in points. The content stands between `left` and `right`; a footer of one line begins at `bottom`. */
export const page = { width: 595.28, height: 841.89, left: 48, right: 547.28, top: 40, bottom: 796 };

/** From one line of a size to the next. */
export const leading = (size: number): number => size * 1.36;
