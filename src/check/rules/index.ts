import type { Rule } from "../../model/rule.ts";
import { alarmTimes } from "./alarm-times.ts";
import { allocationStrategy } from "./allocation-strategy.ts";
import { bidPercentage } from "./bid-percentage.ts";
import { canonicalJson } from "./canonical-json.ts";
import { commandParameters } from "./command-parameters.ts";
import { containerEnvironment } from "./container-environment.ts";
import { containerPlatform } from "./container-platform.ts";
import { containerSecrets } from "./container-secrets.ts";
import { containerVolumes } from "./container-volumes.ts";
import { desiredVcpus } from "./desired-vcpus.ts";
import { eventRuleScope } from "./event-rule-scope.ts";
import { fairShare } from "./fair-share.ts";
import { iamInstanceProfile } from "./iam-instance-profile.ts";
import { iamPassRole } from "./iam-pass-role.ts";
import { iamStateMachineCalls } from "./iam-state-machine-calls.ts";
import { iamSyncPermissions } from "./iam-sync-permissions.ts";
import { iamTrust } from "./iam-trust.ts";
import { iamWildcards } from "./iam-wildcards.ts";
import { iamWorkerCalls } from "./iam-worker-calls.ts";
import { ignoredTemplateFields } from "./ignored-template-fields.ts";
import { imageTag } from "./image-tag.ts";
import { imageType } from "./image-type.ts";
import { instanceMetadata } from "./instance-metadata.ts";
import { instanceTypes } from "./instance-types.ts";
import { jobDefinitionSize } from "./job-definition-size.ts";
import { jobFitsInstances } from "./job-fits-instances.ts";
import { kafkaPort } from "./kafka-port.ts";
import { lambdaEnvironment } from "./lambda-environment.ts";
import { lambdaEvent } from "./lambda-event.ts";
import { lambdaPackage } from "./lambda-package.ts";
import { launchTemplateVersion } from "./launch-template-version.ts";
import { logGroup } from "./log-group.ts";
import { managedResources } from "./managed-resources.ts";
import { memoryPacking } from "./memory-packing.ts";
import { nameLimits } from "./name-limits.ts";
import { oneArchitecture } from "./one-architecture.ts";
import { oneDestination } from "./one-destination.ts";
import { placeholderSupplied } from "./placeholder-supplied.ts";
import { queueEnvironments } from "./queue-environments.ts";
import { resourceRequirements } from "./resource-requirements.ts";
import { retryRules } from "./retry-rules.ts";
import { rootDevice } from "./root-device.ts";
import { securityGroupRules } from "./security-group-rules.ts";
import { serviceRole } from "./service-role.ts";
import { spotFleetRole } from "./spot-fleet-role.ts";
import { spotPriceStrategy } from "./spot-price-strategy.ts";
import { stateChoiceGuarded } from "./state-choice-guarded.ts";
import { stateIntrinsics } from "./state-intrinsics.ts";
import { stateResources } from "./state-resources.ts";
import { stateRetries } from "./state-retries.ts";
import { stateTargets } from "./state-targets.ts";
import { stateTaskParameters } from "./state-task-parameters.ts";
import { stateThreshold } from "./state-threshold.ts";
import { strategyFitsType } from "./strategy-fits-type.ts";
import { stuckJobLimits } from "./stuck-job-limits.ts";
import { subnetsAndGroups } from "./subnets-and-groups.ts";
import { timeouts } from "./timeouts.ts";
import { userData } from "./user-data.ts";
import { vcpuRange } from "./vcpu-range.ts";
import { volatileTags } from "./volatile-tags.ts";
import { watchedMetricsExist } from "./watched-metrics.ts";
import { wiringKeys } from "./wiring-keys.ts";

/** Every rule, in the order in which they are listed and run. */
export const rules: readonly Rule[] = [
  // Compute environments
  managedResources,
  strategyFitsType,
  allocationStrategy,
  spotPriceStrategy,
  bidPercentage,
  spotFleetRole,
  serviceRole,
  desiredVcpus,
  vcpuRange,
  volatileTags,
  // Instances and the jobs that have to fit them
  instanceTypes,
  oneArchitecture,
  imageType,
  jobFitsInstances,
  memoryPacking,
  subnetsAndGroups,
  // Launch templates
  launchTemplateVersion,
  rootDevice,
  ignoredTemplateFields,
  instanceMetadata,
  // Job queues
  queueEnvironments,
  stuckJobLimits,
  fairShare,
  // Security groups, and names of everything
  securityGroupRules,
  kafkaPort,
  nameLimits,
  // Placeholders
  placeholderSupplied,
  wiringKeys,
  // User data
  userData,
  // Job definitions
  retryRules,
  timeouts,
  commandParameters,
  logGroup,
  resourceRequirements,
  containerVolumes,
  containerEnvironment,
  containerSecrets,
  containerPlatform,
  imageTag,
  jobDefinitionSize,
  canonicalJson,
  // The function
  lambdaEnvironment,
  lambdaPackage,
  lambdaEvent,
  oneDestination,
  // State machines
  stateTargets,
  stateChoiceGuarded,
  stateResources,
  stateIntrinsics,
  stateTaskParameters,
  stateRetries,
  stateThreshold,
  // IAM roles
  iamTrust,
  iamInstanceProfile,
  iamPassRole,
  iamWildcards,
  iamSyncPermissions,
  iamWorkerCalls,
  iamStateMachineCalls,
  // Monitoring
  watchedMetricsExist,
  alarmTimes,
  eventRuleScope,
];
