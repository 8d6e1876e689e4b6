// What another system and a page do with the interface, through a client that is generated from its document:
// a person signs in with a one-time link; a system records facts, waits for the score that they make, has it computed
// again, goes through a list page by page, and is told what is wrong with a request.

import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/daybreak.js";

type Fact = components["schemas"]["Fact"];
type Score = components["schemas"]["Score"];

function given(name: string): string {
  const value = process.env[name];
  assert(value, `${name} has to be set: \`cargo xtask clients\` does it`);
  return value;
}

const baseUrl = given("DAYBREAK_ADDRESS");

/** What was answered, where it has to be a success. */
function success<T>(answer: { data?: T; error?: unknown; response: Response }): NonNullable<T> {
  assert(answer.data, `${answer.response.status}: ${JSON.stringify(answer.error)}`);
  return answer.data;
}

async function aPersonSignsInWithALink(): Promise<void> {
  const anybody = createClient<paths>({ baseUrl });
  const secret = given("DAYBREAK_LINK");
  const link = success(await anybody.POST("/api/v1/links/read", { body: { secret } }));
  assert.equal(link.purpose, "invite");

  const accepted = await anybody.POST("/api/v1/links/accept", { body: { secret, password: "correct horse battery" } });
  const begun = success(accepted);
  const cookie = accepted.response.headers.get("set-cookie")?.split(";")[0];
  assert(cookie?.startsWith("daybreak_session="), "the session is in a cookie");

  const person = createClient<paths>({ baseUrl, headers: { cookie } });
  const session = success(await person.GET("/api/v1/session"));
  assert.equal(session.person, begun.person);
  assert.equal(session.login, link.login);
  assert.equal(session.administrator, false);

  const preferences = { language: "zh-CN", theme: "dark" } as const;
  assert.equal((await person.PUT("/api/v1/session/preferences", { body: preferences })).response.status, 204);
  assert.deepEqual(success(await person.GET("/api/v1/session")).preferences, preferences);

  // Only an administrator records facts. To everybody else there is nothing of the kind.
  const refused = await person.POST("/api/v1/facts", { body: { facts: [] } });
  assert.equal(refused.response.status, 404);
  assert.equal(refused.error?.type, "urn:daybreak:problem:not-found");

  assert.equal((await person.DELETE("/api/v1/session")).response.status, 204);
  const signedOut = await person.GET("/api/v1/session");
  assert.equal(signedOut.response.status, 401);
  assert.equal(signedOut.error?.type, "urn:daybreak:problem:sign-in-needed");
}

const system = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${given("DAYBREAK_TOKEN")}` } });

function event(ticket: string, activity: string, occurred_at: string): components["schemas"]["FactDraft"] {
  return {
    source: "helpdesk",
    external_id: `${ticket}/${activity}/1`,
    kind: "ticket.event",
    occurred_at,
    actor: "li-na",
    document: ticket,
    capture: "automatic",
    fields: { activity },
  };
}

const facts = [
  event("TS-1", "opened", "2026-06-10T01:00:00Z"),
  event("TS-1", "resolved", "2026-06-10T03:00:00Z"),
  event("TS-2", "opened", "2026-06-11T09:00:00+08:00"),
  event("TS-2", "resolved", "2026-06-11T13:00:00+08:00"),
];

async function aSystemRecordsFacts(): Promise<void> {
  const recorded = success(await system.POST("/api/v1/facts", { body: { facts } }));
  assert.deepEqual(recorded.results.map((result) => result.outcome), ["new", "new", "new", "new"]);

  // Whoever got no answer sends everything once more: nothing happens.
  const again = success(await system.POST("/api/v1/facts", { body: { facts } }));
  assert.deepEqual(again.results.map((result) => result.outcome), ["known", "known", "known", "known"]);
  assert.equal(again.sequence, recorded.sequence);

  const sequence = recorded.results[0]?.sequence;
  assert(sequence, "a new fact has a number");
  const fact: Fact = success(await system.GET("/api/v1/facts/{sequence}", { params: { path: { sequence } } }));
  assert.equal(fact.external_id, "TS-1/opened/1");
  assert.equal(fact.occurred_at, "2026-06-10T01:00:00Z");
  assert.equal(fact.fields["activity"], "opened");
}

/** Asks until the score is there: the host computes it by itself, in the background. */
async function scoreOf(subject: string): Promise<Score> {
  const query = { indicator: "hours-to-resolve", subject, period: "2026-06" };
  const signal = AbortSignal.timeout(60_000);
  for (;;) {
    const page = success(await system.GET("/api/v1/scores", { params: { query }, signal }));
    const score = page.items.find((score) => score.sample === 2);
    if (score) return score;
    await setTimeout(100, undefined, { signal });
  }
}

async function theScoreIsComputedAgain(): Promise<void> {
  const score = await scoreOf("li-na");
  // Two hours and four.
  assert.equal(score.raw, 3);
  assert.equal(score.evidence, 2);
  const path = { sequence: score.sequence };
  const receipt = success(await system.GET("/api/v1/scores/{sequence}/receipt", { params: { path } }));
  assert.equal(receipt.known_to, score.known_to);
  const evidence = success(await system.GET("/api/v1/scores/{sequence}/evidence", { params: { path } }));
  assert.deepEqual(evidence.map((fact) => fact.document), ["TS-1", "TS-2"]);
  const replay = success(await system.POST("/api/v1/scores/{sequence}/replay", { params: { path } }));
  assert.deepEqual(replay, { equal: true, differences: [], same_engine: true });
}

async function aListComesInPages(): Promise<void> {
  const found: Fact[] = [];
  let after: string | undefined;
  do {
    const query = { actor: "li-na", from: "2026-06-10", limit: 3, ...(after ? { after } : {}) };
    const page = success(await system.GET("/api/v1/facts", { params: { query } }));
    assert(page.items.length <= 3);
    found.push(...page.items);
    after = page.next ?? undefined;
  } while (after);
  // The newest first.
  const expected = facts.map((fact) => fact.external_id).reverse();
  assert.deepEqual(found.map((fact) => fact.external_id), expected);
}

async function anAnswerThatIsKnownIsNotSentAgain(): Promise<void> {
  const query = { indicator: "hours-to-resolve" };
  const first = await system.GET("/api/v1/scores", { params: { query } });
  const tag = first.response.headers.get("etag");
  assert(tag, "an answer has a tag");
  const second = await system.GET("/api/v1/scores", { params: { query }, headers: { "if-none-match": tag } });
  assert.equal(second.response.status, 304);
}

async function whatIsWrongIsToldOneByOne(): Promise<void> {
  const [good, bad] = facts;
  assert(good && bad);
  const body = { facts: [good, { ...bad, external_id: "TS-3", actor: null, who: "nobody" }] };
  const headers = { "x-request-id": "typescript-1" };
  const answer = await system.POST("/api/v1/facts", { body, headers });
  assert.equal(answer.response.status, 422);
  assert.equal(answer.response.headers.get("content-type"), "application/problem+json");
  assert.equal(answer.response.headers.get("x-request-id"), "typescript-1");
  const problem: components["schemas"]["Problem"] | undefined = answer.error;
  assert.equal(problem?.type, "urn:daybreak:problem:refused");
  const [flaw, ...more] = problem?.errors ?? [];
  assert.equal(flaw?.place, 1);
  assert.match(flaw?.detail ?? "", /nobody/);
  assert.deepEqual(more, []);
}

await aPersonSignsInWithALink();
await aSystemRecordsFacts();
await theScoreIsComputedAgain();
await aListComesInPages();
await anAnswerThatIsKnownIsNotSentAgain();
await whatIsWrongIsToldOneByOne();
console.log("the TypeScript client: all is as the document says");
