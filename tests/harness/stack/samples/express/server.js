const crypto = require("node:crypto");
const express = require("express");

const app = express();
const notes = new Map();
const sessions = new Set();
let last = 0;

app.use(express.json());

app.get("/api/healthz", (req, res) => res.json({ ok: true }));

app.post("/api/login", (req, res) => {
  const { email, password } = req.body;
  if (email !== process.env.ADMIN_EMAIL || password !== process.env.ADMIN_PASSWORD) {
    return res.status(401).json({ error: "wrong e-mail or password" });
  }
  const token = crypto.randomUUID();
  sessions.add(token);
  res.json({ access_token: token });
});

function authenticated(req, res, next) {
  const token = (req.get("Authorization") || "").replace(/^Bearer /, "");
  if (!sessions.has(token)) return res.status(401).json({ error: "log in first" });
  next();
}

function existing(req, res, next) {
  req.note = notes.get(Number(req.params.id));
  if (!req.note) return res.status(404).json({ error: "no such note" });
  next();
}

app.get("/api/notes", authenticated, (req, res) => res.json({ data: [...notes.values()] }));

app.post("/api/notes", authenticated, (req, res) => {
  const { title, text } = req.body;
  if (typeof title !== "string" || typeof text !== "string") {
    return res.status(400).json({ error: "title and text are texts" });
  }
  const note = { id: ++last, title, text };
  notes.set(note.id, note);
  res.status(201).json(note);
});

app.get("/api/notes/:id", authenticated, existing, (req, res) => res.json(req.note));

app.put("/api/notes/:id", authenticated, existing, (req, res) => {
  const { title = req.note.title, text = req.note.text } = req.body;
  Object.assign(req.note, { title, text });
  res.json(req.note);
});

app.delete("/api/notes/:id", authenticated, existing, (req, res) => {
  notes.delete(req.note.id);
  res.status(204).end();
});

app.listen(process.env.PORT || 3000);
process.on("SIGTERM", () => process.exit(0));
