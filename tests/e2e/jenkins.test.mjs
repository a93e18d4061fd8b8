// A person connects, builds and reads a log.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { playground } from "./playground.mjs";

let place;
before(async () => { place = await playground(); });
after(async () => { await place?.stop(); });

/** Fails the test with a picture beside it. */
async function picturing(name, steps) {
  try {
    await steps();
  } catch (error) {
    await place.picture(`failed-${name}`);
    throw error;
  }
}

test("before connecting, a command says how to connect", () => picturing("unconnected", async () => {
  await place.type("/jenkins build hello-world");
  await place.post("not connected").waitFor();
  assert.match(await place.post("not connected").innerText(), /\/jenkins connect/);
}));

test("the autocomplete offers the sub-commands", () => picturing("autocomplete", async () => {
  await place.page.locator("#message").fill("");
  await place.page.locator("#message").pressSequentially("/jenkins ge");
  await place.page.getByRole("option").filter({ hasText: "get-log" }).waitFor();
  await place.page.locator("#message").fill("");
}));

test("the dialog masks the token, refuses a wrong one beside its field, and takes a good one", () => picturing("connect", async () => {
  await place.type("/jenkins connect");
  const dialog = place.page.getByRole("dialog");
  await dialog.waitFor();
  const token = dialog.locator("input[name=token]");
  assert.equal(await token.getAttribute("type"), "password");
  await dialog.locator("input[name=user]").fill("alice");
  await token.fill("not the token");
  await dialog.getByRole("button", { name: "Connect" }).click();
  await dialog.locator("input[name=token][aria-invalid=true]").waitFor();
  await place.picture("dialog");
  await token.fill("alice-token");
  await dialog.getByRole("button", { name: "Connect" }).click();
  await dialog.waitFor({ state: "detached" });
  await place.post("has been successfully connected").waitFor();
  const shown = await place.page.locator("body").innerText();
  assert.ok(!shown.includes("alice-token"), "the token is on the page");
}));

test("a build goes from the queue to its result in one post, and pings once", () => picturing("build", async () => {
  await place.type("/jenkins build hello-world");
  const card = place.post("Initiated by Jenkins user");
  await card.waitFor();
  await card.filter({ hasText: "succeeded" }).waitFor({ timeout: 60_000 });
  assert.match(await card.innerText(), /Duration/);
  assert.equal(await place.page.locator("#posts article").filter({ hasText: "Initiated by Jenkins user" }).count(), 1);
  await card.getByRole("button", { name: "1 reply" }).click();
  const reply = place.page.locator("#side-body article").filter({ hasText: "succeeded after" });
  await reply.waitFor();
  await place.picture("card");
  await place.page.getByRole("button", { name: "Close" }).click();
}));

test("a repository without a branch lists its branches", () => picturing("branches", async () => {
  await place.type("/jenkins build articles/0004_std_lib_http_client");
  await place.post("is a multibranch project").waitFor();
  assert.match(await place.post("is a multibranch project").innerText(), /0004_std_lib_http_client\/feature\/login/);
}));

test("a log is a code block", () => picturing("log", async () => {
  await place.type("/jenkins get-log hello-world --lines 5");
  const log = place.post("Console log of the build");
  await log.locator("pre").waitFor();
  await place.picture("log");
}));

test("the doctor finds nothing wrong", () => picturing("doctor", async () => {
  await place.type("/jenkins doctor");
  await place.post("Everything works").waitFor();
}));

test("the page made no mistakes", () => assert.deepEqual(place.mistakes, []));
