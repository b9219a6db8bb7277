/** What is read where the author has no sample: two records of nobody's, to be replaced. */
export const madeUpSample = `${JSON.stringify({
  id: "event-1",
  time: "2026-01-10T08:00:01Z",
  action: "user.login",
  actor: { id: "user-1", type: "User", email: "alice@example.com" },
  ip: "192.0.2.1",
  user_agent: "Mozilla/5.0 (made-up)",
  result: "success",
})}
${JSON.stringify({
  id: "event-2",
  time: "2026-01-10T08:00:02Z",
  action: "file.shared",
  actor: { id: "user-2", type: "User", email: "bob@example.com" },
  ip: "198.51.100.2",
  user_agent: "Mozilla/5.0 (made-up)",
  result: "failure",
  file: { name: "plan.txt" },
})}
`;
