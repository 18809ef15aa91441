import { anyCredentials, type Credentials, signedCall } from "./signedCall.ts";

export interface PolicyStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

interface PolicyDocument {
  readonly Statement: readonly PolicyStatement[];
}

/** IAM of the emulator: who may do what, and whether anybody asks. */
export class Permissions {
  readonly #endpoint: string;
  #administrator: Credentials = anyCredentials;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** Has every call checked from now on. Gives the credentials of somebody who may do everything. */
  async enforce(): Promise<Credentials> {
    const userName = "administrator";
    const allow = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
    await this.#iam("CreateUser", { UserName: userName });
    await this.#iam("PutUserPolicy", {
      UserName: userName,
      PolicyName: "everything",
      PolicyDocument: JSON.stringify(allow),
    });
    const answer = await this.#iam("CreateAccessKey", { UserName: userName });
    this.#administrator = { accessKeyId: tag(answer, "AccessKeyId"), secretAccessKey: tag(answer, "SecretAccessKey") };
    // Without the type of a form: the emulator would read the number as one.
    const response = await fetch(`${this.#endpoint}/moto-api/reset-auth`, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: "0",
    });
    if (!response.ok) throw new Error(`permissions cannot be enforced: status ${response.status}`);
    return this.#administrator;
  }

  /** What a service gets that runs something with this role. Only before permissions are enforced: no person may take it. */
  async sessionOf(role: string): Promise<Credentials> {
    const answer = await this.#query("sts", "2011-06-15", "AssumeRole", {
      RoleArn: `arn:aws:iam::123456789012:role/${role}`,
      RoleSessionName: "test",
    });
    return {
      accessKeyId: tag(answer, "AccessKeyId"),
      secretAccessKey: tag(answer, "SecretAccessKey"),
      sessionToken: tag(answer, "SessionToken"),
    };
  }

  /** Every action that a role is allowed, once. */
  async actionsOf(role: string): Promise<string[]> {
    const policies = await this.#policiesOf(role);
    const allowed = [...policies.values()].flatMap(({ Statement }) =>
      Statement.filter(({ Effect }) => Effect === "Allow"),
    );
    return [...new Set(allowed.flatMap(({ Action }) => Action))].sort();
  }

  /** Takes an action away from a role while `work` goes on. */
  async without<Result>(role: string, action: string, work: () => Promise<Result>): Promise<Result> {
    const policies = await this.#policiesOf(role);
    let found = false;
    for (const [name, policy] of policies) {
      if (!policy.Statement.some(({ Action }) => Action.includes(action))) continue;
      found = true;
      await this.#putPolicy(role, name, withoutAction(policy, action));
    }
    if (!found) throw new Error(`${role} has no ${action} to be taken away`);
    try {
      return await work();
    } finally {
      for (const [name, policy] of policies) await this.#putPolicy(role, name, policy);
    }
  }

  /** A queue that nobody's role speaks of. */
  async createQueue(name: string): Promise<void> {
    await signedCall({
      endpoint: this.#endpoint,
      service: "sqs",
      credentials: this.#administrator,
      contentType: "application/x-amz-json-1.0",
      target: "AmazonSQS.CreateQueue",
      body: JSON.stringify({ QueueName: name }),
    });
  }

  async #policiesOf(role: string): Promise<Map<string, PolicyDocument>> {
    const list = await this.#iam("ListRolePolicies", { RoleName: role });
    const names = [...list.matchAll(/<member>([^<]+)<\/member>/g)].map(([, name]) => name as string);
    const policies = new Map<string, PolicyDocument>();
    for (const name of names) {
      const answer = await this.#iam("GetRolePolicy", { RoleName: role, PolicyName: name });
      policies.set(name, JSON.parse(textOf(tag(answer, "PolicyDocument"))) as PolicyDocument);
    }
    return policies;
  }

  async #putPolicy(role: string, name: string, policy: PolicyDocument): Promise<void> {
    await this.#iam("PutRolePolicy", { RoleName: role, PolicyName: name, PolicyDocument: JSON.stringify(policy) });
  }

  #iam(action: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    return this.#query("iam", "2010-05-08", action, parameters);
  }

  #query(
    service: string,
    version: string,
    action: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<string> {
    const form = new URLSearchParams({ Action: action, Version: version, ...parameters }).toString();
    return signedCall({
      endpoint: this.#endpoint,
      service,
      credentials: this.#administrator,
      contentType: "application/x-www-form-urlencoded; charset=utf-8",
      // The emulator writes the form anew before it checks the signature, in the way of Python.
      body: form.replaceAll("*", "%2A").replaceAll("%7E", "~"),
    });
  }
}

function withoutAction(policy: PolicyDocument, action: string): PolicyDocument {
  const statements = policy.Statement.map((statement) =>
    statement.Effect === "Deny"
      ? statement
      : { ...statement, Action: statement.Action.filter((one) => one !== action) },
  );
  return { ...policy, Statement: statements.filter(({ Action }) => Action.length > 0) };
}

function tag(xml: string, name: string): string {
  const value = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  if (value === undefined) throw new Error(`no ${name} in ${xml}`);
  return value;
}

/** A document stands in the answer as IAM writes it: percent-encoded, or as text of XML. */
function textOf(value: string): string {
  if (value.startsWith("%7B")) return decodeURIComponent(value);
  return value
    .replace(/&quot;/g, '"')
    .replace(/&#34;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}
