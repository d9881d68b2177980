// Digests without node:crypto, whose loading alone takes longer than the few hundred bytes that are hashed here.
import { sha1 as sha1Bytes } from "@noble/hashes/legacy";
import { sha256 as sha256Bytes } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";

/** SHA-256 of the text in UTF-8, in hex. */
export const sha256 = (text: string): string => bytesToHex(sha256Bytes(text));

/** SHA-1, by which the AWS CLI names the files of SSO logins. */
export const sha1 = (text: string): string => bytesToHex(sha1Bytes(text));
