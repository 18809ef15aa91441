import type { Subject } from "../../model/rule.ts";
import type { PlacedResources } from "./resources.ts";

/** Whether instances start from a custom machine image, with its own root device, size and drivers. */
export function hasOwnImage({ resources }: PlacedResources, { launchTemplates }: Subject): boolean {
  const { image_id, ec2_configuration = [], launch_template } = resources;
  const template = launchTemplates.find(({ value }) => value.name === launch_template?.launch_template_name);
  const override = ec2_configuration.some(({ image_id_override }) => image_id_override !== undefined);
  return override || image_id !== undefined || template?.value.image_id !== undefined;
}
