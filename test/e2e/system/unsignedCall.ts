/** What is asked of a service, in the way in which its API is called: by form, by target, or by path. */
export type Ask =
  | { readonly form: string }
  | { readonly target: string; readonly body?: object }
  | { readonly path: string; readonly method?: string; readonly body?: object };

export function query(action: string, version: string, parameters: Readonly<Record<string, string>> = {}): Ask {
  return { form: new URLSearchParams({ Action: action, Version: version, ...parameters }).toString() };
}

export function json(target: string, body: object = {}): Ask {
  return { target, body };
}

/** Calls a service of an emulator that checks nothing, and gives the text of the answer. */
export async function unsignedCall(url: string, service: string, ask: Ask): Promise<string> {
  // By the scope of the signature the emulator tells services apart; the signature itself it does not look at.
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const { path, method, headers, body } = requestOf(ask);
  const response = await fetch(url + path, {
    method,
    headers: { authorization, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${service} was answered with status ${response.status}: ${text}`);
  return text;
}

interface Request {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

function requestOf(ask: Ask): Request {
  if ("form" in ask) {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return { path: "/", method: "POST", headers, body: ask.form };
  }
  if ("target" in ask) {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": ask.target };
    return { path: "/", method: "POST", headers, body: JSON.stringify(ask.body ?? {}) };
  }
  const { path, method = "GET", body } = ask;
  return { path, method, headers: {}, body: body === undefined ? undefined : JSON.stringify(body) };
}
