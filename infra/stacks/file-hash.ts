/** Where the machines' files are, seen from a stack's folder. */
export const hostsFolder = "${path.module}/../../hosts";

/**
 * One hash of all files of a machine, by Terraform itself: what it compares is what would be laid down.
 * @param name a machine's; or, inside a Terraform expression, `${name}`
 */
export const fileHash = (name: string): string => `\${${fileHashExpression(name)}}`;

export function fileHashExpression(name: string): string {
  const folder = `${hostsFolder}/${name}`;
  return `sha256(join("\\n", [for file in fileset("${folder}", "**") : "\${file} \${filesha256("${folder}/\${file}")}"]))`;
}
