/** Requests to begin with. A new commandId each time: the same one would record nothing new. */

import { uuid } from "./schema.js";

const variables = (value) => JSON.stringify(value, null, 2);

export const EXAMPLES = [
  {
    title: "Who am I?",
    about: "Your roles, and what they let you do.",
    query: `query WhoAmI {\n  viewer {\n    principal\n    kind\n    roles\n    permissions\n  }\n}\n`,
  },
  {
    title: "Register a case",
    about: "Anybody may, even without a token, so many per minute. Send it twice: it is recorded once.",
    query: `mutation Register($input: RegisterCaseInput!) {\n  registerCase(input: $input) {\n    ... on CaseChanged {\n      position\n      case {\n        id\n        caseNo\n        stage\n        version\n      }\n    }\n    ... on CommandError {\n      code\n      message\n    }\n  }\n}\n`,
    variables: () => variables({ input: { commandId: uuid(), channel: "HOTLINE", title: "Street lamp out in Lane 5", area: "grid-7", urgency: "NORMAL" } }),
  },
  {
    title: "Cases with their history",
    about: "The newest cases, and what changed in each: before, after, by whom.",
    query: `query Cases {\n  cases(first: 10) {\n    totalCount\n    nodes {\n      caseNo\n      stage\n      title\n      registeredAt\n      timeline(first: 5) {\n        nodes {\n          type\n          occurredAt\n          actor {\n            principal\n          }\n          changes {\n            field\n            before\n            after\n          }\n        }\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n`,
  },
  {
    title: "As it was then",
    about: "The same list as of a moment: recordedAt for what was known, occurredAt for what was so.",
    query: `query AsOf($then: DateTime!) {\n  cases(first: 10, asOf: { recordedAt: $then }) {\n    totalCount\n    nodes {\n      caseNo\n      stage\n      version\n    }\n  }\n}\n`,
    variables: () => variables({ then: new Date().toISOString() }),
  },
  {
    title: "Watch cases change",
    about: "Live. Register a case in another tab and see it arrive. after: resumes at a position.",
    query: `subscription Watch {\n  caseChanged {\n    position\n    type\n    occurredAt\n    case {\n      caseNo\n      stage\n    }\n    changes {\n      field\n      before\n      after\n    }\n  }\n}\n`,
  },
  {
    title: "Accept a case",
    about: "A command, with the version you saw: if somebody was faster, you get what you missed.",
    query: `mutation Accept($input: AcceptCaseInput!) {\n  acceptCase(input: $input) {\n    __typename\n    ... on CaseChanged {\n      case {\n        caseNo\n        stage\n        version\n      }\n    }\n    ... on VersionConflict {\n      message\n      currentVersion\n    }\n    ... on CommandError {\n      code\n      message\n    }\n  }\n}\n`,
    variables: () => variables({ input: { commandId: uuid(), caseId: "paste the id of a case", expectedVersion: 1 } }),
  },
  {
    title: "Totals by stage",
    about: "Counts from a view that follows the journal.",
    query: `query Totals {\n  caseTotals(by: [STAGE]) {\n    position\n    cells {\n      stage\n      cases\n    }\n  }\n}\n`,
  },
  {
    title: "The journal and its root",
    about: "For auditors: note position and root, and check later with wardbook verify --against.",
    query: `query Journal {\n  journal {\n    position\n    root\n  }\n}\n`,
  },
];
