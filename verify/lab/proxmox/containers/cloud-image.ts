import { createHash } from "node:crypto";
import { emptyImage } from "../qemu/qcow2.ts";

/** Debian's cloud image has a disk of 3 GiB; this one says so too, and holds nothing: the containers' image is booted. */
const bytes = 3 * 2 ** 30;

const name = "debian-13-genericcloud-amd64-20000101-1.qcow2";

/** Path below a server's port 8006, in the form that the stack wants. */
export const imagePath = `/molly-replica/trixie/20000101-1/${name}`;

export const image = emptyImage(bytes);

export const imageChecksum = createHash("sha512").update(image).digest("hex");
