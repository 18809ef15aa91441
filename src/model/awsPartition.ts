/** The part of AWS that a region belongs to: ARNs of China and of GovCloud (US) start differently. */
export function awsPartitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
