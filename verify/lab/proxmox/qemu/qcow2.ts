import { died } from "../store/api-error.ts";

/** Where a qcow2 header has the virtual size, in bytes: QEMU's docs/interop/qcow2.rst. */
const sizeOffset = 24;
const magic = Buffer.from([0x51, 0x46, 0x49, 0xfb]);

/**
 * Bytes of the disk that an image describes.
 * @param header its first 32 bytes or more
 * @throws ApiError when it is no qcow2 image
 */
export function virtualSize(path: string, header: Buffer): number {
  if (header.length < sizeOffset + 8 || !header.subarray(0, 4).equals(magic))
    throw died(`qemu-img: Could not open '${path}': Image is not in qcow2 format`);
  return Number(header.readBigUInt64BE(sizeOffset));
}

/** A qcow2 header of a disk of so many bytes and nothing in it: what stands for Debian's image where none is booted. */
export function emptyImage(bytes: number): Buffer {
  const header = Buffer.alloc(104);
  magic.copy(header);
  header.writeUInt32BE(3, 4);
  header.writeUInt32BE(16, 20);
  header.writeBigUInt64BE(BigInt(bytes), sizeOffset);
  header.writeUInt32BE(104, 100);
  return header;
}
