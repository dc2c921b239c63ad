#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// KQL parse + semantic check with Microsoft's own parser (npm: @kusto/language-service-next).
//
//   kql_parse.js [--queries FILE.ndjson] [--schema FILE.json] [--wrap TABLE] [--ignore KS142,...] [--plan]
//
// Input lines (FILE or stdin):  {"id": ..., "query": "...", "schema": {"Table": {"col": "type"}}?}
// A per-line "schema" is added on top of --schema.
// Output lines: {"id", "ok", "syntax_ok", "errors": [{code, kind, message, start, length}], "warnings": [...]}
// --wrap T     a query with no pipe/table (a bare predicate) is read as "T | where (<query>)"
// --ignore     diagnostic codes that do not make ok false (e.g. KS142 = unknown name, when no schema is known)
// --plan       adds "plan": the query as a small neutral JSON tree (read by kql_match.py)
// --diag-off   with --plan: skip warnings (faster)
'use strict';
const fs = require('fs'), path = require('path'), vm = require('vm'), readline = require('readline');

function arg(name, dflt) {
  const i = process.argv.indexOf('--' + name);
  return i < 0 ? dflt : process.argv[i + 1];
}
const flag = (n) => process.argv.includes('--' + n);
if (flag('help')) { console.log(fs.readFileSync(__filename, 'utf8').split('\n').slice(2, 16).join('\n')); process.exit(0); }

const home = process.env.SIGMAC_ORACLES || path.join(__dirname, '..', '..', 'build', 'oracles');
const dir = path.join(home, 'node_modules', '@kusto', 'language-service-next');
for (const f of ['bridge.min.js', 'Kusto.Language.Bridge.min.js']) {
  vm.runInThisContext(fs.readFileSync(path.join(dir, f), 'utf8'), { filename: f });
}
const K = globalThis.Kusto.Language, Sym = K.Symbols;
const kindName = {};
for (const k of Object.keys(K.Syntax.SyntaxKind)) {
  const v = K.Syntax.SyntaxKind[k];
  if (typeof v === 'number' && !(v in kindName)) kindName[v] = k;
}
const kind = (n) => (typeof n.Kind === 'number' ? kindName[n.Kind] : String(n.Kind));

// ---- schema -------------------------------------------------------------
// Always in brackets: a column may be called as a keyword is.
const bq = (name) => "['" + name.replace(/\\/g, '\\\\').replace(/'/g, "\\'") + "']";
function tableSymbol(name, cols) {
  const text = '(' + Object.entries(cols).map(([c, t]) => `${bq(c)}: ${t}`).join(', ') + ')';
  return new Sym.TableSymbol.$ctor7(name, text, null);
}
function globalsFor(tables) {
  const syms = Object.entries(tables).map(([n, c]) => tableSymbol(n, c));
  return K.GlobalState.Default.WithDatabase(new Sym.DatabaseSymbol.ctor('db', syms));
}
let baseTables = {};
const schemaFile = arg('schema');
if (schemaFile) baseTables = JSON.parse(fs.readFileSync(schemaFile, 'utf8'));
const baseGlobals = globalsFor(baseTables);
const cache = new Map();
function globals(extra) {
  if (!extra) return baseGlobals;
  const key = JSON.stringify(extra);
  if (!cache.has(key)) cache.set(key, globalsFor(Object.assign({}, baseTables, extra)));
  return cache.get(key);
}

// ---- diagnostics --------------------------------------------------------
function diags(ds) {
  const out = [];
  for (let i = 0; i < ds.Count; i++) {
    const d = ds.getItem(i);
    out.push({ code: d.Code, severity: d.Severity, message: d.Message, start: d.Start, length: d.Length });
  }
  return out;
}

// ---- official tree -> neutral plan ---------------------------------------
class Unsupported extends Error {}
const kids = (n) => { const r = []; for (let i = 0; i < n.ChildCount; i++) { const c = n.GetChild(i); if (c) r.push(c); } return r; };
const text = (n) => n.toString(2 /* minimal trivia */).trim();
function elems(list) { // List of SeparatedElement or plain list
  return kids(list).map((e) => kind(e) === 'SeparatedElement' ? kids(e)[0] : e);
}
function exprList(n) { // ExpressionList: ( List )
  const l = kids(n).find((c) => kind(c) === 'List');
  return l ? elems(l) : [];
}
function nameOf(n) { // NameReference/NameDeclaration/TokenName/BracketedName/... -> string
  if (n.SimpleName !== undefined && n.SimpleName !== null) return n.SimpleName;
  if (n.IsToken) return n.ValueText;
  const c = kids(n).filter((x) => !/^(OpenBracket|CloseBracket)/.test(kind(x)));
  return nameOf(c[0]);
}
const typeName = (n) => (n.ResultType ? (n.ResultType.Name || '') : '');
function lit(n, k) {
  const tok = kids(n)[0] || n;
  const t = k.replace(/Literal(Expression)?$/, '').toLowerCase();
  const raw = tok.Text !== undefined ? tok.Text : text(n);
  if (t === 'string' || t === 'compoundstring') return { o: 'lit', t: 'string', v: n.LiteralValue };
  if (t === 'boolean') return { o: 'lit', t: 'bool', v: /null/.test(raw) ? null : /true/i.test(raw) };
  const m = /^[a-z]+\s*\(([\s\S]*)\)$/i.exec(raw.trim());
  const v = m ? m[1].trim() : raw.trim();
  return { o: 'lit', t, v: v === 'null' ? null : v };
}
const isTable = (n) => !!(n.ResultType && n.ResultType.Kind === Sym.SymbolKind.Table);
function cols(n) { // columns of a tabular node, as the binder names and types them
  const c = n.ResultType && n.ResultType.Columns, out = [];
  for (let i = 0; c && i < c.Count; i++) { const x = c.getItem(i); out.push([x.Name, x.Type.Name]); }
  return out;
}
function expr(n) {
  const e = expr1(n);
  if (e.type === undefined) e.type = typeName(n);
  return e;
}
function listElem(n) { return isTable(n) && !/StarExpression/.test(kind(n)) ? { o: 'tab', plan: pipe(n) } : expr(n); }
function expr1(n) {
  const k = kind(n);
  if (k === 'TypeOfLiteralExpression') return { o: 'lit', t: 'type', v: text(kids(n).find((c) => kind(c) === 'List')) };
  if (/LiteralExpression$/.test(k) && k !== 'DynamicExpression') return lit(n, k);
  switch (k) {
    case 'ParenthesizedExpression': return expr(kids(n).find((c) => !c.IsToken));
    case 'NameReference': {
      const s = n.ReferencedSymbol;
      return { o: 'col', name: nameOf(n), type: typeName(n), known: !!s };
    }
    case 'BracketedExpression': return expr(kids(n).find((c) => !c.IsToken));
    case 'PathExpression': {
      const c = kids(n);
      const sel = c[2];
      if (kind(sel) === 'FunctionCallExpression') throw new Unsupported('path function');
      return { o: 'path', base: expr(c[0]), sel: nameOf(sel) };
    }
    case 'ElementExpression': {
      const c = kids(n);
      return { o: 'index', base: expr(c[0]), sel: expr(c[1]) };
    }
    case 'FunctionCallExpression': {
      const c = kids(n);
      return { o: 'call', name: nameOf(c[0]), args: exprList(c[1]).map(expr) };
    }
    case 'DynamicExpression': {
      const v = kids(n).find((c) => !c.IsToken);
      return { o: 'dynamic', v: text(v) };
    }
    case 'JsonObjectExpression': case 'JsonArrayExpression': return { o: 'dynamic', v: text(n) };
    case 'StarExpression': return { o: 'star' };
    case 'SimpleNamedExpression': { // name = expr
      const c = kids(n);
      return { o: 'named', name: nameOf(c[0]), e: expr(c[2]) };
    }
    case 'UnaryMinusExpression': case 'UnaryPlusExpression': {
      const c = kids(n);
      return { o: 'unary', op: c[0].Text, e: expr(c[1]) };
    }
    case 'ToScalarExpression': return { o: 'tab', scalar: true, plan: pipe(kids(n).find((c) => !c.IsToken && kind(c) !== 'List')) };
    case 'MaterializeExpression': return { o: 'tab', plan: pipe(kids(n).find((c) => !c.IsToken && kind(c) !== 'List')) };
    case 'BetweenExpression': case 'NotBetweenExpression': {
      const c = kids(n), couple = kids(c[2]).filter((x) => !x.IsToken);
      return { o: 'between', not: k[0] === 'N', l: expr(c[0]), lo: expr(couple[0]), hi: expr(couple[1]) };
    }
  }
  const c = kids(n);
  if (k === 'AndExpression' || k === 'OrExpression') { // long chains are flattened: a or b or c
    const list = [];
    let m = n;
    for (;;) {
      const p = kids(m);
      list.push(p[2]);
      m = p[0];
      if (kind(m) !== k) { list.push(m); break; }
    }
    return { o: 'nary', op: k === 'AndExpression' ? 'and' : 'or', list: list.reverse().map(expr) };
  }
  if (c.length === 3 && c[1].IsToken) { // binary operators: the token text is the operator
    const op = c[1].Text;
    if (kind(c[2]) === 'ExpressionList') return { o: 'in', op, l: expr(c[0]), list: exprList(c[2]).map(listElem), lt: typeName(c[0]) };
    return { o: 'bin', op, l: expr(c[0]), r: expr(c[2]), lt: typeName(c[0]), rt: typeName(c[2]) };
  }
  throw new Unsupported(k + ': ' + text(n).slice(0, 60));
}
function named(n) { // projection / aggregate element
  const e = expr(n);
  if (e.o === 'named') return { name: e.name, e: e.e };
  if (e.o === 'col') return { name: e.name, e };
  if (e.o === 'path') return { name: (e.base.name || '') + '_' + e.sel, e };
  if (e.o === 'call' && e.name === 'bin' && e.args[0].o === 'col') return { name: e.args[0].name, e };
  if (e.o === 'call') return { name: e.name + '_' + (e.args[0] && e.args[0].o === 'col' ? e.args[0].name : ''), e };
  return { name: text(n), e };
}
const subList = (n) => { const l = kids(n).filter((c) => kind(c) === 'List' && c.ChildCount > 0).pop(); return l && kind(kids(l)[0]) !== 'NamedParameter' ? elems(l) : []; };
function params(n) { // kind=inner withsource=x ...
  const r = {};
  for (const l of kids(n)) if (kind(l) === 'List') for (const p of elems(l)) if (kind(p) === 'NamedParameter') { const c = kids(p); r[text(c[0]).toLowerCase()] = text(c[2]); }
  return r;
}
function ordered(n) {
  if (kind(n) !== 'OrderedExpression') return { e: expr(n), asc: false, first: false };
  const c = kids(n), t = (c[1] ? text(c[1]) : '').toLowerCase(), asc = /^asc/.test(t);
  return { e: expr(c[0]), asc, first: /nulls\s+first/.test(t) ? true : /nulls\s+last/.test(t) ? false : asc };
}
function expand(n) { // mv-expand / mv-apply columns
  return subList(n).map((x) => {
    const c = kids(x), e = expr(c[0]), to = c.find((y) => kind(y) === 'ToTypeOfClause');
    const name = e.o === 'named' ? e.name : e.o === 'col' ? e.name : null;
    return { name, src: e.o === 'col' ? e.name : null, e: e.o === 'named' ? e.e : e, to: to ? expr(kids(to)[1]).v : 'dynamic' };
  });
}
function joinOn(n) {
  return subList(n).map((x) => {
    if (kind(x) === 'NameReference') return [nameOf(x), nameOf(x)];
    const c = kids(x), side = (y) => kind(y) === 'PathExpression' ? [nameOf(kids(y)[0]), nameOf(kids(y)[2])] : [];
    const a = side(c[0]), b = side(c[2]);
    if (kind(x) !== 'EqualExpression' || !a.length || !b.length) throw new Unsupported('join condition ' + text(x));
    return a[0] === '$left' ? [a[1], b[1]] : [b[1], a[1]];
  });
}
function operator1(n, left) {
  const k = kind(n), c = kids(n);
  switch (k) {
    case 'FilterOperator': return { op: 'where', e: expr(c[c.length - 1]) };
    case 'ExtendOperator': return { op: 'extend', cols: subList(n).map(named) };
    case 'SerializeOperator': return { op: 'extend', serialize: true, cols: subList(n).map(named) };
    case 'ProjectOperator': return { op: 'project', cols: subList(n).map(named) };
    case 'ProjectRenameOperator': return { op: 'rename', cols: subList(n).map(named) };
    case 'ProjectAwayOperator': case 'ProjectKeepOperator': case 'ProjectReorderOperator': return { op: 'cols' };
    case 'CountOperator': return { op: 'count' };
    case 'AsOperator': case 'ConsumeOperator': case 'RenderOperator': return { op: 'nop' };
    case 'TakeOperator': return { op: 'take', n: expr(c[c.length - 1]) };
    case 'SortOperator': return { op: 'sort', by: subList(n).map(ordered) };
    case 'TopOperator': {
      const i = c.findIndex((x) => kind(x) === 'ByKeyword');
      return { op: 'sort', n: expr(c[i - 1]), by: [ordered(c[i + 1])] };
    }
    case 'DistinctOperator': return { op: 'distinct', cols: subList(n).map((x) => kind(x) === 'StarExpression' ? { star: true } : named(x)) };
    case 'SummarizeOperator': {
      const by = c.find((x) => kind(x) === 'SummarizeByClause');
      return { op: 'summarize', aggs: subList(n).map((x) => Object.assign(named(x), { cols: cols(x).map((y) => y[0]) })), by: by ? subList(by).map(named) : [] };
    }
    case 'UnionOperator': {
      const p = params(n);
      return { op: 'union', left: left === n ? null : cols(left), kind: (p.kind || 'outer').toLowerCase(), withsource: p.withsource || null, parts: subList(n).map((x) => ({ name: kind(x) === 'NameReference' ? nameOf(x) : null, plan: pipe(x), cols: cols(x) })) };
    }
    case 'JoinOperator': {
      const p = params(n), on = c.find((x) => kind(x) === 'JoinOnClause');
      const right = c.find((x, i) => !x.IsToken && i > 0 && kind(x) !== 'List' && x !== on);
      if (!on) throw new Unsupported('join where');
      return { op: 'join', kind: (p.kind || 'innerunique').toLowerCase(), right: pipe(right), on: joinOn(on), rcols: cols(right), lcols: cols(left) };
    }
    case 'MvExpandOperator': case 'MvApplyOperator': {
      const p = params(n), lim = c.find((x) => /RowLimitClause/.test(kind(x)));
      const idx = p.with_itemindex || null;
      const r = { op: k === 'MvApplyOperator' ? 'mv-apply' : 'mv-expand', exp: expand(n), index: idx, limit: lim ? expr(kids(lim)[1]) : null, arr: /array/.test(p.kind || p.bagexpansion || '') };
      if (r.op === 'mv-apply') r.sub = chain(kids(c[c.length - 1]).find((x) => !x.IsToken));
      return r;
    }
  }
  throw new Unsupported('operator ' + k);
}
function operator(n, left) {
  const o = operator1(n, left);
  o.out = cols(n);
  return o;
}
function chain(n) { // operators of a subquery without a source
  if (kind(n) === 'PipeExpression') { const c = kids(n); return chain(c[0]).concat([operator(c[2], c[0])]); }
  return [operator(n, n)];
}
function pipe(n) {
  const k = kind(n), c = n.IsToken ? [] : kids(n);
  if (k === 'PipeExpression') {
    const left = pipe(c[0]);
    left.ops.push(operator(c[2], c[0]));
    return left;
  }
  if (k === 'ParenthesizedExpression') return pipe(c.find((x) => !x.IsToken));
  if (k === 'NameReference') return { src: { k: 'ref', name: nameOf(n) }, ops: [] };
  if (k === 'UnionOperator') return { src: { k: 'none' }, ops: [operator(n, n)] };
  if (k === 'MaterializeExpression') return pipe(c.find((x) => !x.IsToken && kind(x) !== 'List'));
  if (k === 'PrintOperator') return { src: { k: 'unit' }, ops: [{ op: 'project', cols: subList(n).map((x, i) => { const e = expr(x); return e.o === 'named' ? { name: e.name, e: e.e } : { name: 'print_' + i, e }; }), out: cols(n) }] };
  if (k === 'DataTableExpression') return { src: { k: 'rows', cols: cols(n), vals: elems(c.filter((x) => kind(x) === 'List').pop()).map(expr) }, ops: [] };
  if (k === 'FunctionCallExpression' && exprList(c[1]).length === 0) return { src: { k: 'ref', name: nameOf(c[0]) }, ops: [] };
  if (k === 'FunctionCallExpression' && nameOf(c[0]) === 'materialize') return pipe(exprList(c[1])[0]);
  throw new Unsupported('source ' + k);
}
function plan(code) {
  const stmts = elems(kids(code.Syntax).filter((c) => kind(c) === 'List')[1]).filter(Boolean);
  const lets = {}, tlets = {};
  let main = null;
  for (const s of stmts) {
    if (kind(s) === 'LetStatement') {
      const c = kids(s), v = c[3];
      if (kind(v) === 'FunctionDeclaration') throw new Unsupported('let function');
      if (isTable(v)) tlets[nameOf(c[1])] = pipe(v); else lets[nameOf(c[1])] = expr(v);
    } else if (kind(s) === 'ExpressionStatement') main = pipe(kids(s)[0]);
    else throw new Unsupported(kind(s));
  }
  if (!main) throw new Unsupported('no tabular statement');
  main.lets = lets;
  main.tlets = tlets;
  return main;
}

// ---- main ---------------------------------------------------------------
const ignore = new Set((arg('ignore', '') || '').split(',').filter(Boolean));
const wrap = arg('wrap');
const input = arg('queries') ? fs.createReadStream(arg('queries')) : process.stdin;
readline.createInterface({ input, crlfDelay: Infinity }).on('line', (line) => {
  if (!line.trim()) return;
  const rec = JSON.parse(line);
  if (typeof rec.query !== 'string') return;
  const res = { id: rec.id };
  let q = rec.query;
  try {
    if (wrap) {
      const probe = K.KustoCode.Parse(q);
      const st = kids(probe.Syntax).filter((c) => kind(c) === 'List')[1];
      const first = st && elems(st)[0];
      const e = first && kind(first) === 'ExpressionStatement' ? kids(first)[0] : null;
      const query = (e && /^(PipeExpression|UnionOperator|NameReference|PrintOperator|DataTableExpression)$/.test(kind(e))) || (first && kind(first) === 'LetStatement');
      if (!query) q = wrap + '\n| where ' + q;
    }
    const g = globals(rec.schema);
    const code = K.KustoCode.ParseAndAnalyze(q, g);
    const all = diags(code.GetDiagnostics());
    const syn = diags(code.GetSyntaxDiagnostics()).filter((d) => d.severity === 'Error');
    const synKey = new Set(syn.map((d) => d.code + ':' + d.start));
    const errs = all.filter((d) => d.severity === 'Error' && !ignore.has(d.code));
    res.ok = errs.length === 0;
    res.syntax_ok = syn.length === 0;
    res.errors = errs.map((d) => ({ code: d.code, kind: synKey.has(d.code + ':' + d.start) ? 'syntax' : 'semantic', message: d.message, start: d.start, length: d.length }));
    if (!flag('diag-off')) res.warnings = all.filter((d) => d.severity !== 'Error').map((d) => ({ code: d.code, severity: d.severity, message: d.message }));
    if (flag('plan')) {
      try { res.plan = plan(code); } catch (e) { if (!(e instanceof Unsupported)) throw e; res.unsupported = e.message; }
    }
  } catch (e) {
    res.ok = false; res.syntax_ok = false; res.crash = String(e && e.message || e).slice(0, 300); res.errors = [];
  }
  process.stdout.write(JSON.stringify(res) + '\n');
});
