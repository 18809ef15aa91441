import type { State } from "../../derived/types.ts";
import { isObject } from "../../model/json.ts";
import { defineRule, type Finding } from "../../model/rule.ts";
import { nearest } from "../../shared/nearest.ts";
import {
  integrationIn,
  integrations,
  isSdkCall,
  meantSdkCall,
  readers,
  writers,
} from "../rules-support/integrations.ts";
import { isSample } from "../rules-support/samples.ts";
import { statesOf } from "../rules-support/scopes.ts";

const task = (resource: string) => ({
  documents: {
    "example.asl.json": {
      StartAt: "Call",
      States: {
        Call: {
          Type: "Task",
          Resource: resource,
          Parameters: {},
          Retry: [{ ErrorEquals: ["States.TaskFailed"], JitterStrategy: "FULL" }],
          End: true,
        },
      },
    },
  },
});
const map = (reader: string, writer: string) => ({
  documents: {
    "example.asl.json": {
      StartAt: "Each",
      States: {
        Each: {
          Type: "Map",
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            StartAt: "One",
            States: { One: { Type: "Pass", End: true } },
          },
          ItemReader: { Resource: reader, Parameters: { Bucket: "orders", Key: "chunks.json" } },
          ResultWriter: { Resource: writer, Parameters: { Bucket: "orders", Prefix: "results" } },
          End: true,
        },
      },
    },
  },
});

export const stateResources = defineRule({
  id: "state-resources",
  severity: "error",
  summary: "A task calls an integration that Step Functions has.",
  why:
    "The end of the ARN is a name that only Step Functions reads. It rejects a state machine with an unknown " +
    "one when Terraform creates or changes it, after everything before it has been applied.",
  source: "https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html",
  examples: {
    good: [
      { shows: "an optimized integration", ...task("arn:aws:states:::sns:publish") },
      { shows: "any AWS API", ...task("arn:aws:states:::aws-sdk:s3:headObject") },
      { shows: "a function by its ARN", ...task("arn:aws:lambda:us-east-1:123456789012:function:orders") },
      {
        shows: "items and results in S3",
        ...map("arn:aws:states:::s3:listObjectsV2", "arn:aws:states:::s3:putObject"),
      },
    ],
    bad: [
      { shows: "a call that does not exist", ...task("arn:aws:states:::batch:submitJobs.sync") },
      {
        shows: "a call that does not exist, in the state machine whose role is known",
        documents: {
          "step-function-definition.json": {
            States: { Validate: { Resource: "arn:aws:states:::batch:submitJobs.sync" } },
          },
        },
      },
      { shows: "a service that does not exist", ...task("arn:aws:states:::lamda:invoke") },
      { shows: "a call that cannot be waited for", ...task("arn:aws:states:::sns:publish.sync") },
      { shows: "an SDK call without aws-sdk", ...task("arn:aws:states:::s3:getObject") },
      { shows: "an SDK call in the spelling of the API", ...task("arn:aws:states:::aws-sdk:s3:HeadObject") },
      { shows: "an SDK call with a letter too many", ...task("arn:aws:states:::aws-sdk:s3:getObjects") },
      {
        shows: "a reader that does not exist",
        ...map("arn:aws:states:::s3:getObjects", "arn:aws:states:::s3:putObject"),
      },
      { shows: "a writer that reads", ...map("arn:aws:states:::s3:getObject", "arn:aws:states:::s3:getObject") },
    ],
  },
  *check({ stateMachines }) {
    for (const document of stateMachines) {
      for (const { state, pointer } of statesOf(document)) {
        for (const { at, resource, known } of resourcesOf(state)) {
          const place = pointer + at;
          const integration = integrationIn(resource);
          if (integration === undefined || known.includes(integration) || isSample(document, place)) continue;
          if (known === integrations && isSdkCall(integration) && meantSdkCall(integration) === undefined) continue;
          yield { document, pointer: place, found: resource, ...remedy(resource, integration, known) };
        }
      }
    }
  },
});

interface PlacedResource {
  readonly at: string;
  readonly resource: string;
  readonly known: readonly string[];
}

function resourcesOf(state: State): readonly PlacedResource[] {
  if (state.Type === "Task") return [{ at: "/Resource", resource: state.Resource ?? "", known: integrations }];
  if (state.Type !== "Map") return [];
  return [
    ...partOf(state.ItemReader, "/ItemReader/Resource", readers),
    ...partOf(state.ResultWriter, "/ResultWriter/Resource", writers),
  ];
}

function partOf(part: unknown, at: string, known: readonly string[]): readonly PlacedResource[] {
  return isObject(part) && typeof part.Resource === "string" ? [{ at, resource: part.Resource, known }] : [];
}

type Remedy = Pick<Finding, "expected" | "hint" | "severity">;

function remedy(resource: string, integration: string, known: readonly string[]): Remedy {
  const start = resource.slice(0, resource.length - integration.length);
  if (known !== integrations) {
    return {
      expected: "something that a Map can call here",
      hint: `write ${known.map((name) => start + name).join(" or ")}`,
    };
  }
  const meant = meantSdkCall(integration);
  if (meant !== undefined) return { expected: "a call that AWS has", hint: `did you mean ${meant}?` };
  if (integration.startsWith("aws-sdk:")) {
    return {
      expected:
        "aws-sdk:SERVICE:CALL, with a lower-case first letter of the call, optionally followed by .waitForTaskToken",
      hint: "write it like arn:aws:states:::aws-sdk:s3:headObject",
    };
  }
  const expected = "an optimized integration of Step Functions";
  const close = nearest(integration, known);
  if (close !== undefined) return { expected, hint: `did you mean ${start}${close}?` };
  const service = integration.split(":")[0] ?? "";
  const calls = known.filter((name) => name.startsWith(`${service}:`));
  if (calls.length > 0)
    return { expected, hint: `it has ${calls.join(", ")}; any other call is aws-sdk:${service}:CALL` };
  const hint = `any AWS API can be called through ${start}aws-sdk:SERVICE:CALL`;
  // AWS may have added the service since, but not this one, which only the SDK integration and a Map can call.
  return { expected, hint, severity: service === "s3" ? "error" : "warning" };
}
