// Reads DMN files with dmn-moddle and works out their decisions with feelin. Standard input: JSON
// [{xml, cases: [{input: value}]}]; standard output: JSON [{warnings, answers: [{decision: value}]}].
// Cells read nothing but the value of their column. Dates go in as {date: "2026-01-31"} and come out as text; {conflict: true} is a table whose rules contradict.
import { readFileSync } from 'node:fs';
import { DmnModdle } from 'dmn-moddle';
import { evaluate, unaryTest } from 'feelin';

const valueOf = (answer) => {
  const value = answer && typeof answer === 'object' && 'warnings' in answer ? answer.value : answer;
  return value === undefined ? null : value;
};
const dates = new Map();
const given = (value) => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  if (!dates.has(value.date)) dates.set(value.date, valueOf(evaluate(`date("${value.date}")`, {})));
  return dates.get(value.date);
};
// the same expression on the same values is worked out once
const memo = new Map();
const worked = (text, values, work) => {
  const key = `${text}\0${values}`;
  if (!memo.has(key)) memo.set(key, valueOf(work()));
  return memo.get(key);
};
const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);

function matches(rule, columns, context) {
  return rule.inputEntry.every((entry, index) => {
    const text = entry.text ?? '-', value = columns[index];
    return text === '-' || worked(`cell ${text}`, JSON.stringify(value),
      () => unaryTest(text, { ...context, '?': value })) === true;
  });
}

function table(logic, context, key) {
  const columns = (logic.input ?? []).map((input) => {
    const { text } = input.inputExpression;
    return worked(text, key, () => evaluate(text, context));
  });
  const values = (logic.rule ?? []).filter((rule) => matches(rule, columns, context))
    .map(({ outputEntry: [{ text }] }) => worked(text, key, () => evaluate(text, context)));
  switch (logic.hitPolicy) {
    case 'FIRST': return values.length ? values[0] : null;
    case 'COLLECT': return values.length ? values : null;
    case 'ANY':
      return values.every((value) => same(value, values[0])) ? values[0] ?? null : { conflict: true };
    case 'UNIQUE': case undefined:
      return values.length > 1 ? { conflict: true } : values[0] ?? null;
    default: throw new Error(`hit policy ${logic.hitPolicy}`);
  }
}

function ordered(definitions) {
  const decisions = definitions.drgElement.filter((element) => element.$type === 'dmn:Decision');
  const byId = new Map(decisions.map((decision) => [decision.id, decision]));
  const seen = new Set(), order = [];
  const visit = (decision) => {
    if (seen.has(decision.id)) return;
    seen.add(decision.id);
    for (const needed of decision.informationRequirement ?? []) {
      if (needed.requiredDecision) visit(byId.get(needed.requiredDecision.href.slice(1)));
    }
    order.push(decision);
  };
  decisions.forEach(visit);
  return order;
}

// A decision sees only what its requirements name, as in an engine that takes the diagram seriously.
function visible(decision, elements, context) {
  const names = (decision.informationRequirement ?? [])
    .map((needed) => elements.get((needed.requiredInput ?? needed.requiredDecision).href.slice(1)).variable.name);
  return Object.fromEntries(names.map((name) => [name, context[name] ?? null]));
}

function answer(order, elements, facts) {
  const context = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, given(value)]));
  const found = {};
  for (const decision of order) {
    const logic = decision.decisionLogic, own = visible(decision, elements, context);
    const key = JSON.stringify(own);
    const value = logic.$type === 'dmn:DecisionTable' ? table(logic, own, key)
      : worked(logic.text, key, () => evaluate(logic.text, own));
    context[decision.variable.name] = found[decision.variable.name] = value;
  }
  return found;
}

const replies = [];
for (const { xml, cases } of JSON.parse(readFileSync(0, 'utf8'))) {
  const { rootElement, warnings } = await new DmnModdle().fromXML(xml, 'dmn:Definitions');
  const elements = new Map(rootElement.drgElement.map((element) => [element.id, element]));
  const order = ordered(rootElement);
  const shapes = rootElement.dmnDI?.diagrams?.[0]?.diagramElements ?? [];
  replies.push({
    warnings: warnings.map((warning) => warning.message),
    elements: rootElement.drgElement.length,
    shapes: shapes.filter((shape) => shape.$type === 'dmndi:DMNShape' && elements.has(shape.dmnElementRef?.id)).length,
    answers: cases.map((facts) => answer(order, elements, facts)),
  });
}
process.stdout.write(JSON.stringify(replies));
