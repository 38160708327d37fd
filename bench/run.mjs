// The table of docs/performance.md: answers against a bare echo, paired and interleaved, server and load each on a core of
// its own. Ratios within one run; absolute figures drift with the machine.
//   ./run build && cmake --build build/release --target bench_load bench_echo && npm ci --prefix tests
//   npm ci --prefix bench/peer                (for the row peer: better-sqlite3 is compiled)
//   node bench/run.mjs [--rounds 7] [--dir build/bench] [answers durable wordings node peer open idle memory handshake orders loops import start]
import { execFile, execFileSync, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, copyFileSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values: flags, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: "string", default: "7" }, dir: { type: "string", default: "build/bench" }, build: { type: "string", default: "build/release" }, most: { type: "string", default: "10000000" } },
});
const rounds = Number(flags.rounds), most = Number(flags.most);
const wismo = `${flags.build}/wismo`, load = `${flags.build}/bench/bench_load`, echo = `${flags.build}/bench/bench_echo`;
mkdirSync(flags.dir, { recursive: true });

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const row = (what, goal, ...figures) => console.log(`| ${what} | ${goal} | ${figures.join(" | ")} |`);
const ratio = (value) => value.toFixed(2);

// Orders.

function csv(count) {
    const path = `${flags.dir}/${count}.csv`;
    if (existsSync(path)) return path;
    const day = (ahead) => new Date(Date.now() + ahead * 86400e3).toISOString().slice(0, 10);
    const file = openSync(path, "w");
    execFileSync("awk", ["-v", `n=${count}`, "-v", `placed=${day(-2)}`, "-v", `due=${day(3)}`, "-f", "bench/orders.awk"], { stdio: ["ignore", file, "inherit"] });
    closeSync(file);
    return path;
}

function database(count) {
    const path = `${flags.dir}/${count}.db`;
    if (!existsSync(path)) execFileSync(wismo, ["import", "--db", path, csv(count)], { stdio: ["ignore", "ignore", "inherit"] });
    return path;
}

// Servers: { pid, port, orders, chat, stop }.

function started(command, args, port, core = 0) {
    const child = spawn("taskset", ["-c", String(core), command, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    return new Promise((resolve, reject) => {
        let text = "";
        const heard = (bytes) => {
            const found = port.exec((text += bytes));
            if (found) resolve({ pid: child.pid, port: found[1], stop: () => new Promise((done) => (child.once("exit", done), child.kill("SIGKILL"))) });
        };
        child.stdout.on("data", heard);
        child.stderr.on("data", heard);
        child.once("exit", () => reject(new Error(`${command} ended: ${text}`)));
    });
}

const open = ["--sockets-per-address", "0", "--per-address", "0", "--per-conversation", "0", "--port", "0"];
const servers = {
    echo: () => started(echo, [], /^(\d+)\s/),
    node: () => started("node", ["bench/ws.mjs"], /^(\d+)\s/),
    async peer() {
        const orders = 1000000, path = `${flags.dir}/peer.db`;
        if (!existsSync(path)) execFileSync("sqlite3", [path, ".mode csv", `.import ${csv(orders)} orders`, "CREATE UNIQUE INDEX orders_by_number ON orders(number)"]);
        return { ...(await started("node", ["bench/peer/server.mjs", path, ...["tracking", "people", "other"].map((part) => `intents/lessons/fr.${part}.txt`)], /^(\d+)\s/m)), chat: true, orders };
    },
    async memory(orders = 1000000, path = database(orders), core = 0, ...more) {
        const server = await started(wismo, ["serve", "--db", path, "--memory-only", "yes", ...open, ...more], /http:\/\/[^:]+:(\d+)/, core);
        return { ...server, chat: true, orders };
    },
    async durable(orders = 1000000, path = copied(orders, "durable"), core = 0, ...more) {
        const server = await started(wismo, ["serve", "--db", path, ...open, ...more], /http:\/\/[^:]+:(\d+)/, core);
        return { ...server, chat: true, orders };
    },
};

function copied(orders, name) {
    const path = `${flags.dir}/${name}.db`;
    for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
    copyFileSync(database(orders), path);
    return path;
}

async function measure(make, ...args) {
    const server = await make();
    const text = execFileSync("taskset", ["-c", "1", load, server.port, "--spin", "--pid", String(server.pid), ...(server.chat ? ["--chat", "--orders", String(server.orders)] : []), ...args]);
    await server.stop();
    return JSON.parse(text);
}

// Answers a second of all together, under a load on each core; the loads take the servers in turn.
async function together(all) {
    const answered = await Promise.all([0, 1].map((core) => new Promise((resolve) => {
        const server = all[core % all.length];
        execFile("taskset", ["-c", String(core), load, server.port, "--chat", "--orders", String(server.orders), "--chats", "100"], (_, text) => resolve(JSON.parse(text).per_second));
    })));
    await Promise.all(all.map((server) => server.stop()));
    return answered[0] + answered[1];
}

// Rounds of both sides in turn; the medians of the ratios (ours over theirs) and of ours.
async function pair(ours, theirs, args, ...keys) {
    const pairs = [];
    for (let round = 0; round < rounds; round++) {
        const first = round % 2 ? theirs : ours, second = round % 2 ? ours : theirs;
        const a = await measure(first, ...args), b = await measure(second, ...args);
        pairs.push(round % 2 ? [b, a] : [a, b]);
    }
    return Object.fromEntries(keys.map((key) => [key, { ratio: median(pairs.map(([a, b]) => a[key] / b[key])), ours: median(pairs.map(([a]) => a[key])), theirs: median(pairs.map(([, b]) => b[key])) }]));
}

const against = (result, key, unit, digits = 0) => [`${ratio(result[key].ratio)}`, `${result[key].ours.toFixed(digits)} ${unit} against ${result[key].theirs.toFixed(digits)}`];

const resident = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);

const tables = {
    async answers() {
        for (const chats of ["100", "1000"]) {
            const result = await pair(servers.memory, servers.echo, ["--chats", chats], "per_second", "cpu_us");
            row(`answers/s against the echo, ${chats} chats, nothing written`, "≥ 0.60", ...against(result, "per_second", "/s"));
            row("… processor time an answer", "", ...against(result, "cpu_us", "µs", 1));
        }
    },
    async durable() {
        for (const chats of ["100", "1000"]) {
            const result = await pair(servers.durable, servers.echo, ["--chats", chats], "per_second", "cpu_us");
            row(`answers/s against the echo, ${chats} chats, durable`, "≥ 0.35", ...against(result, "per_second", "/s"));
            row("… processor time an answer, all threads", "", ...against(result, "cpu_us", "µs", 1));
        }
    },
    // One wording is a benchmark's; customers have many.
    async wordings() {
        for (const [name, server] of [["nothing written", servers.memory], ["durable", servers.durable]]) {
            const result = await pair(server, servers.echo, ["--chats", "100", "--questions", "bench/questions.txt"], "per_second", "cpu_us");
            row(`256 wordings instead of one, 100 chats, ${name}`, "report", ...against(result, "per_second", "/s"));
            row("… processor time an answer", "", ...against(result, "cpu_us", "µs", 1));
        }
    },
    async node() {
        const result = await pair(servers.memory, servers.node, ["--chats", "100"], "per_second");
        row(`answers/s against node ws that echoes JSON, 100 chats (node ${process.version})`, "≥ 1.3", ...against(result, "per_second", "/s"));
    },
    async peer() {
        const result = await pair(servers.memory, servers.peer, ["--chats", "100"], "per_second", "cpu_us");
        row(`answers/s against node ws, NLP.js and better-sqlite3, 100 chats (node ${process.version})`, "≥ 8", ...against(result, "per_second", "/s"));
        row("… processor time an answer", "", ...against(result, "cpu_us", "µs", 1));
    },
    async open() {
        const args = ["--chats", "10000", "--rate", "10000", "--seconds", "4"];
        const result = await pair(servers.memory, servers.echo, args, "p50_us", "p99_us");
        row("10,000 chats, 10,000 messages/s, p50 against the echo", "≤ 1.3", ...against(result, "p50_us", "µs"));
        row("… p99", "≤ 2 and 10 ms", ...against(result, "p99_us", "µs"));
    },
    async idle() {
        const shares = [];
        for (let round = 0; round < rounds; round++) shares.push((await measure(servers.durable, "--chats", "10000", "--rate", "1000", "--seconds", "4")).core);
        row("10,000 chats, 1,000 messages/s, durable: of a core", "≤ 10 %", `${(median(shares) * 100).toFixed(1)} %`, "");
    },
    async memory() {
        const server = await servers.durable();
        const hold = (chats, seconds) => spawn(load, [server.port, "--chat", "--orders", String(server.orders), "--chats", String(chats), "--hold", String(seconds)], { stdio: ["ignore", "ignore", "inherit"] });
        await new Promise((done) => hold(100, 1).once("exit", done));
        await sleep(3000);
        const before = resident(server.pid), chats = 10000;
        const held = hold(chats, 100);
        await sleep(90000);
        const each = (resident(server.pid) - before) / chats;
        held.kill();
        await server.stop();
        row("resident memory of an idle chat, conversation included (10,000 idle for over a minute)", "≤ 3 KiB", `${each.toFixed(1)} KiB`, "");
    },
    async handshake() {
        const ratios = [], figures = [];
        for (let round = 0; round < rounds; round++) {
            const server = await servers.memory();
            const opened = async () => {
                const { open_cpu_us } = JSON.parse(execFileSync("taskset", ["-c", "1", load, server.port, "--chats", "1000", "--path", "/chat", "--chat", "--orders", String(server.orders), "--pid", String(server.pid), "--hold", "0"]));
                await sleep(1000); // to close them is not to open the next
                return open_cpu_us;
            };
            await opened();
            const few = await opened();
            const held = spawn("taskset", ["-c", "1", load, server.port, "--chats", "18000", "--chat", "--orders", String(server.orders), "--hold", "600"]);
            await new Promise((ready) => held.stdout.once("data", ready));
            const many = await opened();
            held.kill();
            await server.stop();
            ratios.push(many / few), figures.push([few, many]);
        }
        row("processor time to open a chat (handshake, hello, proof) at 19,000 chats against 1,000", "≤ 1.3", ratio(median(ratios)), `${median(figures.map((f) => f[1])).toFixed(0)} µs against ${median(figures.map((f) => f[0])).toFixed(0)}`);
    },
    async orders() {
        const result = await pair(() => servers.memory(most), () => servers.memory(1000), ["--chats", "100"], "cpu_us");
        row(`processor time a message at ${most.toLocaleString("en")} orders against 1,000`, "≤ 1.4", ...against(result, "cpu_us", "µs", 1));
    },
    // Two loop threads against one, and beside them two services that share nothing, with a database each: the most that
    // threads could bring. In all three the service has both cores, and on each of them a load of 100 chats runs beside it:
    // there is no core for the load alone, so that the figure is less than two however well the threads get on.
    async loops() {
        const kinds = { memory: "nothing written", durable: "durable" };
        for (const [kind, written] of Object.entries(kinds)) {
            const second = kind === "memory" ? copied(1000000, "second") : undefined, figures = [];
            const serve = (loops) => servers[kind](1000000, undefined, "0,1", "--loops", String(loops));
            for (let round = 0; round < rounds; round++) {
                const one = await together([await serve(1)]), two = await together([await serve(2)]);
                figures.push([two, one, second ? await together([await serve(1), await servers.memory(1000000, second, "0,1")]) : 0]);
            }
            const told = (at) => [ratio(median(figures.map((f) => f[at] / f[1]))), `${median(figures.map((f) => f[at])).toFixed(0)} /s against ${median(figures.map((f) => f[1])).toFixed(0)}`];
            row(`answers/s of two loop threads against one, 200 chats, ${written}`, "report", ...told(0));
            if (second) row("… of two services that share nothing", "report", ...told(2));
        }
    },
    async import() {
        const path = csv(1000000), ours = `${flags.dir}/ours.db`, theirs = `${flags.dir}/theirs.db`;
        const schema = readFileSync("db/schema/0001-orders.sql", "utf8");
        const clear = () => [ours, theirs].forEach((file) => ["", "-wal", "-shm", ".lock"].forEach((end) => rmSync(file + end, { force: true })));
        const timed = (work) => {
            const begun = performance.now();
            work();
            return performance.now() - begun;
        };
        const ratios = [], seconds = [];
        for (let round = 0; round < Math.min(rounds, 3); round++) {
            clear();
            const sql = timed(() => execFileSync("sqlite3", [theirs], { input: `PRAGMA journal_mode=WAL;\n${schema}\n${readFileSync("bench/import.sql", "utf8").replace("FILE", path)}`, stdio: ["pipe", "ignore", "inherit"] }));
            const own = timed(() => execFileSync(wismo, ["import", "--db", ours, path], { stdio: "ignore" }));
            ratios.push(sql / own), seconds.push([own, sql]);
        }
        clear();
        row("import of 1,000,000 orders: rows/s against sqlite3 .import and SQL", "≥ 1.5", ratio(median(ratios)), `${(median(seconds.map((s) => s[0])) / 1000).toFixed(1)} s against ${(median(seconds.map((s) => s[1])) / 1000).toFixed(1)} s`);
    },
    async start() {
        const path = database(most), firsts = { warm: [], cold: [] };
        for (let round = 0; round < rounds; round++)
            for (const kind of ["cold", "warm"]) {
                if (kind === "cold") execFileSync("sh", ["-c", `sync; echo 3 > /proc/sys/vm/drop_caches`]);
                const begun = performance.now();
                const server = await started(wismo, ["serve", "--db", path, ...open], /http:\/\/[^:]+:(\d+)/);
                execFileSync(load, [server.port, "--chat", "--orders", String(most), "--chats", "1", "--hold", "0"]);
                firsts[kind].push(performance.now() - begun);
                await server.stop();
            }
        for (const kind of ["warm", "cold"]) row(`start to first answer at ${most.toLocaleString("en")} orders, ${kind}`, kind === "warm" ? "≤ 50 ms" : "≤ 100 ms", `${median(firsts[kind]).toFixed(0)} ms`, "");
    },
};

console.log("| what | goal | figure | |\n|---|---|---|---|");
for (const name of positionals.length ? positionals : Object.keys(tables)) await tables[name]();
