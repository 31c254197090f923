/** What a release must answer, and how, before a client gets it. With the key of a tenant that exists for this alone. */
export const questions = [
  { path: '/ping', withKey: false, isRight: ({ status }) => status === 200 },
  // `degraded` is in service too: a release must not fail because the cache is away.
  {
    path: '/health',
    withKey: false,
    isRight: ({ status, body }) => status === 200 && JSON.parse(body).database === 'ok',
  },
  { path: '/v1/me', withKey: false, isRight: ({ status }) => status === 401 },
  { path: '/v1/me', withKey: true, isRight: ({ status }) => status === 200 },
  { path: '/v1/accounts?limit=1', withKey: true, isRight: ({ status }) => status === 200 },
];

/** The first question that is answered wrongly, with its status, or null. One without an answer, or with one that cannot be read, is wrong. */
export async function firstWrong(ask) {
  for (const question of questions) {
    let status = 0;
    try {
      const answer = await ask(question);
      status = answer.status;
      if (question.isRight(answer)) continue;
    } catch {
      // Said by the status below.
    }
    return { path: question.path, status };
  }
  return null;
}
