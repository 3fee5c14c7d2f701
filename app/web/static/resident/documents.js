/** Every GraphQL document of the page; a test validates each against the schema. */

export const TYPES = `query ($parent: String) {
  caseTypes(parent: $parent, first: 100) { nodes {
    code labelZh labelEn isLeaf
    fields { name labelZh labelEn kind required minimum maximum mostCharacters choices { code labelZh labelEn } }
  } }
}`;

export const LABELS = `{ labels(kinds: ["CaseStage", "PublicStage", "ResolutionOutcome", "ExternalStatus"]) { kind value label } }`;

export const REGISTER = `mutation ($input: RegisterCaseInput!) {
  done: registerCase(input: $input) {
    __typename
    ... on CaseChanged { trackingCode case { caseNo } }
    ... on CommandError { code message }
    ... on InvalidInput { path }
  }
}`;

export const OPEN = `mutation ($input: OpenTrackingInput!) {
  done: openTracking(input: $input) {
    __typename
    ... on TrackingOpened { token caseId expiresAt }
    ... on CommandError { code message }
    ... on InvalidInput { path }
  }
}`;

export const CASE = `query ($id: ID!) {
  case(id: $id) {
    id caseId caseNo position stage title description registeredAt acceptedAt cycle
    type { labelZh labelEn }
    location { area { name } }
    leadUnit { name }
    informationRequests { number state }
    evidence { id mediaType label addedAt }
    allowedActions { command label enabled blockedBy { code message } }
    timeline(last: 100) { nodes { id type label occurredAt payload } }
  }
}`;

export const NEWS = `subscription ($id: ID!, $after: Position) {
  caseChanged(id: $id, after: $after) { position label }
}`;

export const PUBLIC = `query ($filter: PublicCaseFilter, $after: String) {
  publicCases(filter: $filter, first: 20, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { caseNo title summary stage typeName areaName areaCode registeredOn closedOn publicReason }
  }
}`;

/** The commands of a reporter; addEvidence goes to an address of its own. */
export const COMMANDS = {
  addNote: `mutation ($input: AddNoteInput!) {
    done: addNote(input: $input) { __typename ... on CommandError { code message } ... on InvalidInput { path } }
  }`,
  receiveInformation: `mutation ($input: ReceiveInformationInput!) {
    done: receiveInformation(input: $input) { __typename ... on CommandError { code message } ... on InvalidInput { path } }
  }`,
  urgeCase: `mutation ($input: UrgeCaseInput!) {
    done: urgeCase(input: $input) { __typename ... on CommandError { code message } ... on InvalidInput { path } }
  }`,
  recordFeedback: `mutation ($input: RecordFeedbackInput!) {
    done: recordFeedback(input: $input) { __typename ... on CommandError { code message } ... on InvalidInput { path } }
  }`,
  fileAppeal: `mutation ($input: FileAppealInput!) {
    done: fileAppeal(input: $input) { __typename ... on CommandError { code message } ... on InvalidInput { path } }
  }`,
  reopenCase: `mutation ($input: ReopenCaseInput!) {
    done: reopenCase(input: $input) { __typename ... on CommandError { code message } ... on InvalidInput { path } }
  }`,
  withdrawCase: `mutation ($input: WithdrawCaseInput!) {
    done: withdrawCase(input: $input) { __typename ... on CommandError { code message } ... on InvalidInput { path } }
  }`,
};
