// A peer for bench/run.mjs: node's ws that parses a message and sends one back, as a bot's skeleton would.
import { createRequire } from "node:module";
const { WebSocketServer } = createRequire(new URL("../tests/package.json", import.meta.url))("ws");
const server = new WebSocketServer({ port: 0, host: "127.0.0.1" }, () => console.log(server.address().port));
server.on("connection", (socket) =>
    socket.on("message", (bytes) => {
        const message = JSON.parse(bytes);
        socket.send(JSON.stringify({ type: "say", re: 1, id: message.id, text: message.text }));
    }));
