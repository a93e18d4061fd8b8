// Starts what `make run` starts, and a browser, and ends both.
import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

/** A setting of the environment that the tests cannot do without. */
function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`make test\`, or set it as build/xtask/src/suite.rs does`);
  return value;
}

const programs = required("PROGRAMS");
/** Where pictures of failures, and of what people should look at, go. */
export const pictures = process.env.PICTURES ?? join(programs, "..", "e2e");

/** A program whose first line with an address on stdout says where it is. */
async function start(program, args) {
  const child = spawn(join(programs, program), args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise((resolve, reject) => {
    lines.on("line", (line) => { const found = /https?:\/\/\S+/.exec(line); if (found) resolve(found[0]); });
    child.on("exit", (code) => reject(new Error(`${program} ended with ${code} before it said where it is`)));
    child.on("error", reject);
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  return { url, stop: async () => { child.kill("SIGINT"); await ended; } };
}

/** Jenkins, Mattermost and a browser. `settings` are the plugin's, `KEY=VALUE`. */
export async function playground(settings) {
  const jenkins = await start("jenkins-simulator", ["--demo", "--port", "0", "--speed", "4"]);
  const given = settings ?? [`JenkinsURL=${jenkins.url}`, "EncryptionKey=a key for tests, of any length"];
  const devhost = await start("devhost", [
    "--port", "18066", "--bundle", required("PLUGIN_BUNDLE_PRODUCT"), ...given.flatMap((setting) => ["--config", setting]),
  ]);
  const browser = await chromium.launch({
    executablePath: required("CHROMIUM"),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
  await mkdir(pictures, { recursive: true });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(20_000);
  const mistakes = [];
  page.on("pageerror", (error) => mistakes.push(String(error)));
  await page.goto(devhost.url);
  // The last thing that the page does before it is ready: until then nobody is logged in.
  await page.locator("#message:focus").waitFor();
  return {
    jenkins, page, mistakes,
    /** Types into the message box and sends. */
    async type(text) {
      const box = page.locator("#message");
      await box.fill(text);
      await page.getByRole("button", { name: "Send" }).first().click();
    },
    /** The newest post that holds `text`. */
    post: (text) => page.locator("#posts article").filter({ hasText: text }).last(),
    picture: (name) => page.screenshot({ path: join(pictures, `${name}.png`) }),
    async stop() {
      await browser.close();
      await devhost.stop();
      await jenkins.stop();
    },
  };
}
