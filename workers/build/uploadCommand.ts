/** How the zip file of the function gets to the key that lambda-function.json names. */
export function uploadCommand(path: string, version: string): string {
  return `aws s3 cp ${path} s3://BUCKET/batch-processing/batch_processor-${version}.zip`;
}
