import { check } from '../domain/check.ts';

/**
 * A key is ids and numbers, so it holds no personal data: folders that are public ids, then a file of numbers with an
 * extension. Only the last part has a dot, so no key is the folder of another.
 */
const keyForm =
  /^(?:[a-z]{2}_[0-7][0-9a-hjkmnp-tv-z]{25}\/){0,4}\d{1,8}(?:-\d{1,8}){0,4}(?:\.p\d{1,5})?\.[a-z]{2,6}(?:\.gz)?$/;
/** What such keys can begin with. */
const prefixForm = /^[0-9a-z_./-]{0,200}$/;
/** What a browser may call the file, and what needs no quoting in a header. */
const filenameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const sha256Form = /^[0-9a-f]{64}$/;

/** A Bug unless the key has the form: a name in a key would outlive every right to be forgotten. */
export function checkKey(key: string): void {
  check(keyForm.test(key), 'an object key is ids and numbers, such as <tenant>/<account>/2026-10-3-1.pdf');
}

/** A Bug unless keys can begin so. */
export function checkPrefix(prefix: string): void {
  check(prefixForm.test(prefix), 'a prefix is the beginning of a key of ids and numbers');
}

/** A Bug unless it can stand in a header as it is. */
export function checkFilename(filename: string): void {
  check(filenameForm.test(filename), 'a file name is letters, digits, dots, hyphens and underscores');
}

/** A Bug unless it is a SHA-256 in hex. */
export function checkSha256(sha256: string): void {
  check(sha256Form.test(sha256), 'a checksum is 64 hexadecimal digits');
}
