/* SPDX-License-Identifier: MIT
 * Plans of rules under small pipelines: sources, wide rules, absent and computed fields. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "compiler/compile.h"

typedef struct {
  Arena arena;
  Compiler compiler;
} Work;

static void begin(Work *w, const char *const *pipelines) {
  *w = (Work){0};
  compiler_init(&w->compiler, &w->arena);
  for (int i = 0; pipelines[i]; i++)
    compiler_add_pipeline(&w->compiler, arena_printf(&w->arena, "p%d.yml", i), STR(""), str_of(pipelines[i]));
}

static void put_line(Buf *out, Str text) {
  for (size_t i = 0; i < text.n; i++) {
    bool space = text.p[i] == ' ' || text.p[i] == '\n';
    if (!space) buf_char(out, text.p[i]);
    else if (out->n && out->p[out->n - 1] != ' ') buf_char(out, ' ');
  }
}

/* `TABLE or category [NAME = EXPR, ...] TREE`, one branch behind the other; ids of what was said against it. */
static Str shown(Work *w, const Plan *plan, bool good) {
  Buf out = {.arena = &w->arena}, tree = {.arena = &w->arena};
  for (uint32_t i = 0; good && i < plan->n_branches; i++) {
    const PlanBranch *b = &plan->branches[i];
    if (i) buf_str(&out, STR("| "));
    buf_str(&out, b->table.n ? b->table : b->category);
    for (uint32_t k = 0; k < b->n_columns; k++) {
      buf_str(&out, k ? STR(", ") : STR(" ["));
      buf_str(&out, b->columns[k].name);
      buf_str(&out, STR("="));
      buf_str(&out, b->columns[k].expr);
    }
    buf_str(&out, b->n_columns ? STR("] ") : STR(" "));
    tree.n = 0;
    ir_print(&tree, b->root);
    put_line(&out, buf_view(&tree));
  }
  for (uint32_t i = 0; i < w->compiler.diags.list.n; i++) {
    const Diag *d = &w->compiler.diags.list.p[i];
    buf_printf(&out, "%s%s@%u ", d->severity == SEV_ERROR ? "!" : "~", diag_info[d->id].text, d->at.start);
  }
  while (out.n && out.p[out.n - 1] == ' ') out.n--;
  return buf_view(&out);
}

static Str plan_into(Work *w, Plan *out, const char *rule, AbsentFields absent) {
  Compiler *c = &w->compiler;
  Plan plan = {0};
  compiler_add(c, STR("r.yml"), arena_printf(&w->arena, "title: T\n%s", rule));
  c->absent = absent;
  *out = plan;
  if (!compiler_prepare(c)) return shown(w, &plan, false);
  PlanOptions options = compiler_plan_options(c, c->model ? c->model->target : TARGET_EQL);
  Lowered l;
  cr_assert(c->rules.list.n == 1, "%s", rule);
  c->keep_ir = true;
  compiler_begin_rule(c, &l, &c->rules.list.p[0]);
  cr_assert(!l.broken, "%s", rule);
  bool good = plan_rule(&plan, &l.ir, c->pipelines, &options, &c->passes);
  compiler_end_rule(c);
  *out = plan;
  return shown(w, &plan, good);
}

static Str plan_of(Work *w, const char *rule, AbsentFields absent) {
  Plan plan;
  return plan_into(w, &plan, rule, absent);
}

typedef struct {
  const char *what, *rule, *want;
} Case;

static void check(const char *const *pipelines, AbsentFields absent, const Case *cases, size_t n) {
  for (size_t i = 0; i < n; i++) {
    Work w;
    begin(&w, pipelines);
    Str got = plan_of(&w, cases[i].rule, absent);
    cr_expect(str_is(got, cases[i].want), "%s\n  got  " STR_FMT "\n  want %s", cases[i].what, STR_ARG(got), cases[i].want);
    arena_free(&w.arena);
  }
}

#define CHECK(pipelines, absent, cases) check(pipelines, absent, cases, sizeof(cases) / sizeof *(cases))
#define RULE(logsource, item)           "logsource: {" logsource "}\ndetection: {s: {" item "}, condition: s}\n"

/* --- sources --------------------------------------------------------------------------------------------------- */

static const char kql[] = "name: k\n"
                          "vars:\n"
                          "  sigmac:\n"
                          "    target: kql\n"
                          "    tables:\n"
                          "      Any: {A: string, B: long, d: dynamic, U: unknown}\n"
                          "      Both: {A: string}\n"
                          "      Mine: {A: string, H: string}\n"
                          "    absent: {some: [Never, Nor]}\n"
                          "    computed:\n"
                          "      g:\n"
                          "        - {name: _h, type: string, expr: 'f(A, \"_g\", @\"_g\"\"\", x._g, 1_g)'}\n"
                          "        - {name: _g, type: string, expr: 'g(_h)'}\n"
                          "        - {name: C, type: string, expr: 'c(_g, C, D)'}\n"
                          "        - {name: D, type: long, expr: 'd(C)'}\n"
                          "        - {name: E, type: string, expr: e()}\n"
                          "      x: [{type: string, expr: 'x(\"{name}\", ''{name}'')'}]\n"
                          "    sources:\n"
                          "      - {product: p, table: Any, computed: [g, x: [X1, X2]], absent: [some]}\n"
                          "      - {product: P, category: [c, d], table: Both, computed: [{g: [C]}]}\n"
                          "      - {category: c, service: s, table: Mine}\n";
static const char *const one_kql[] = {kql, NULL};

Test(plan, the_source_with_most_attributes) {
  static const Case cases[] = {
    {"one attribute", RULE("product: p", "A: x"), "Any A is \"x\""},
    {"another category", RULE("product: p, category: e", "A: x"), "Any A is \"x\""},
    {"two win over one", RULE("product: p, category: c", "A: x"), "Both A is \"x\""},
    {"letter case does not count", RULE("product: P, category: C", "A: x"), "Both A is \"x\""},
    {"a list is one source for each", RULE("product: p, category: d", "A: x"), "Both A is \"x\""},
    {"the first on a tie", RULE("product: p, category: c, service: s", "A: x"), "Both A is \"x\""},
    {"the other attributes", RULE("product: q, category: c, service: s", "A: x"), "Mine A is \"x\""},
    {"none", RULE("product: q", "A: x"), "!target-logsource@20"},
    {"none for this attribute", RULE("service: x", "A: x"), "!target-logsource@20"},
    {"raw sources alone are no wide rule", RULE("service: s", "A: x"), "!target-logsource@20"},
  };
  CHECK(one_kql, ABSENT_REFUSE, cases);
}

Test(plan, fields_are_known_or_refused) {
  static const Case cases[] = {
    {"no column", RULE("product: p", "Aa: x"), "!target-field@49"},
    {"all of them are told", RULE("product: p", "Aa: x, Bb: y"), "!target-field@49 !target-field@56"},
    {"a member of an object", RULE("product: p", "d.e.f: x"), "Any d.e.f is \"x\""},
    {"no member of a text", RULE("product: p", "A.b: x"), "!target-field@49"},
    {"a column of unknown type", RULE("product: p", "U: x"), "Any U is \"x\" ~target-type-unknown@49"},
    {"a reference", RULE("product: p", "A|fieldref: B"), "Any A refers to equal to B"},
    {"a reference to no column", RULE("product: p", "A|fieldref: Bb"), "!target-field@61"},
    {"keywords have no field", "logsource: {product: p}\ndetection: {s: [x], condition: s}\n", "Any <any value> contains \"x\""},
  };
  CHECK(one_kql, ABSENT_REFUSE, cases);
}

Test(plan, computed_columns_and_what_they_need) {
  static const Case cases[] = {
    {"none is needed", RULE("product: p", "A: x"), "Any A is \"x\""},
    {"words in literals, members and numbers are no names", RULE("product: p", "_g: x"),
     "Any [_h=f(A, \"_g\", @\"_g\"\"\", x._g, 1_g), _g=g(_h)] _g is \"x\""},
    {"earlier ones alone; its own name is a column", RULE("product: p", "C: x"),
     "Any [_h=f(A, \"_g\", @\"_g\"\"\", x._g, 1_g), _g=g(_h), C=c(_g, C, D)] C is \"x\""},
    {"in the order of the file", RULE("product: p", "E: x, D: 5"),
     "Any [_h=f(A, \"_g\", @\"_g\"\"\", x._g, 1_g), _g=g(_h), C=c(_g, C, D), D=d(C), E=e()] and E is \"x\" D == 5"},
    {"of a list its names, and helpers", RULE("product: p, category: c", "C: x"),
     "Both [_h=f(A, \"_g\", @\"_g\"\"\", x._g, 1_g), _g=g(_h), C=c(_g, C, D)] C is \"x\""},
    {"of a list no others", RULE("product: p, category: c", "E: x"), "!target-field@62"},
    {"an expression for many names", RULE("product: p", "X2: x, X1: y"),
     "Any [X1=x(\"X1\", 'X1'), X2=x(\"X2\", 'X2')] and X2 is \"x\" X1 is \"y\""},
    {"not for other names", RULE("product: p", "X3: x"), "!target-field@49"},
  };
  CHECK(one_kql, ABSENT_REFUSE, cases);
}

Test(plan, absent_fields) {
  static const Case refused[] = {
    {"by default refused", RULE("product: p", "Never: x"), "!target-field@49"},
    {"another source has it not in its list", RULE("product: p, category: c", "Never: x"), "!target-field@62"},
    {"a reference", RULE("product: p", "A|fieldref: Never"), "!target-field@61"},
  };
  static const Case folded[] = {
    {"a test is false", RULE("product: p", "Never: x"), "Any false ~target-absent@49"},
    {"null is true", RULE("product: p", "A: x, Never: null"), "Any A is \"x\" ~target-absent@55"},
    {"exists", RULE("product: p", "A: x, Never|exists: true"), "Any false ~target-absent@55"},
    {"exists: false", RULE("product: p", "A: x, Never|exists: false"), "Any A is \"x\" ~target-absent@55"},
    {"null among others", RULE("product: p", "A: x, Never: [y, null]"), "Any A is \"x\" ~null-in-list@66 ~target-absent@55"},
    {"all", RULE("product: p", "A: x, Never|contains|all: [y, z]"), "Any false ~target-absent@55"},
    {"neq", RULE("product: p", "A: x, Never|neq: y"), "Any A is \"x\" ~target-absent@55"},
    {"a reference", RULE("product: p", "A|fieldref: Never"), "Any false ~target-absent@61"},
    {"one warning for a rule", RULE("product: p", "Never: x, Nor: y"), "Any false ~target-absent@49"},
    {"an or-branch goes", "logsource: {product: p}\ndetection: {s: [{A: x}, {Never: y}], condition: s}\n",
     "Any A is \"x\" ~target-absent@58"},
  };
  CHECK(one_kql, ABSENT_REFUSE, refused);
  CHECK(one_kql, ABSENT_FALSE, folded);
}

/* --- several pipelines ----------------------------------------------------------------------------------------- */

Test(plan, later_pipelines_win_by_name) {
  static const char site[] = "name: s\n"
                             "priority: 30\n"
                             "vars:\n"
                             "  sigmac:\n"
                             "    target: kql\n"
                             "    tables: {Any: {Own: string, A: long}, Site: {A: string}}\n"
                             "    absent: {some: [Own2]}\n"
                             "    computed: {g: [{name: C, type: string, expr: mine(A)}]}\n"
                             "    sources:\n"
                             "      - {product: p, category: c, table: Site}\n"
                             "      - {product: q, table: Any, computed: [g]}\n";
  static const char *const both[] = {kql, site, NULL};
  static const Case cases[] = {
    {"a source of the same attributes", RULE("product: p, category: c", "A: x"), "Site A is \"x\""},
    {"a table gets columns", RULE("product: p", "Own: x"), "Any Own is \"x\""},
    {"a group is another one for all", RULE("product: p", "C: x"), "Any [C=mine(A)] C is \"x\""},
    {"a list is another one for all", RULE("product: p", "Own2: x"), "!target-field@49"},
    {"so that the old one is gone", RULE("product: p", "Never: x"), "!target-field@49"},
    {"a source of its own", RULE("product: q", "C: x"), "Any [C=mine(A)] C is \"x\""},
  };
  CHECK(both, ABSENT_REFUSE, cases);
}

/* --- wide rules ------------------------------------------------------------------------------------------------ */

static const char wide[] = "name: w\n"
                           "vars:\n"
                           "  sigmac:\n"
                           "    target: kql\n"
                           "    tables:\n"
                           "      Net: {DestinationPort: long, Image: string, Computer: string}\n"
                           "      Reg: {TargetObject: string, Details: string, Image: string, Computer: string}\n"
                           "      Proc: {Image: string, CommandLine: string, Computer: string}\n"
                           "      Log: {Image: string}\n"
                           "    sources:\n"
                           "      - {product: [windows, linux], category: process_creation, table: Proc}\n"
                           "      - {product: windows, category: network_connection, table: Net}\n"
                           "      - {product: windows, category: registry_set, table: Reg, covered_by: registry_event}\n"
                           "      - {product: windows, category: registry_event, table: Reg}\n"
                           "      - {product: windows, service: security, table: Log}\n";
static const char *const one_wide[] = {wide, NULL};

#define EITHER(logsource, x, y) "logsource: {" logsource "}\ndetection: {s: [{" x "}, {" y "}], condition: s}\n"

Test(plan, wide_rules) {
  static const Case cases[] = {
    {"an or-branch goes to those that have its fields", EITHER("product: windows", "DestinationPort: 53", "TargetObject: x"),
     "Net DestinationPort == 53 | Reg TargetObject is \"x\" ~target-wide@20"},
    {"an and needs all fields", RULE("product: windows", "DestinationPort: 53, Image: x"),
     "Net and DestinationPort == 53 Image is \"x\" ~target-wide@20"},
    {"one remains: a plain statement", RULE("product: windows", "CommandLine: x"), "Proc CommandLine is \"x\" ~target-wide@20"},
    {"fields of all kinds", RULE("product: windows", "Computer: x"),
     "Proc Computer is \"x\" | Net Computer is \"x\" | Reg Computer is \"x\" ~target-wide@20"},
    {"products that share a table", RULE("category: process_creation", "Image: x"), "Proc Image is \"x\" ~target-wide@20"},
    {"no kind has a field", RULE("product: windows", "Foo: x"), "!target-field@55"},
    {"no kind has both", RULE("product: windows", "CommandLine: x, TargetObject: y"), "!target-logsource@20"},
    {"absent fields", RULE("product: windows", "CommandLine: null, Image: x"),
     "Proc and CommandLine is null Image is \"x\" | Net Image is \"x\" | Reg Image is \"x\" ~target-wide@20"},
    {"a bare negation is true where the field is absent",
     "logsource: {product: windows}\ndetection: {s: {CommandLine: x}, condition: not s}\n",
     "Proc not CommandLine is \"x\" | Net true | Reg true ~target-wide@20 ~target-wide@20 ~target-wide@20"},
    {"a raw event log has its own source", RULE("product: windows, service: security", "Image: x"), "Log Image is \"x\""},
  };
  CHECK(one_wide, ABSENT_REFUSE, cases);
}

/* --- EQL ------------------------------------------------------------------------------------------------------- */

Test(plan, categories_and_parts) {
  static const char eql[] = "name: e\n"
                            "vars:\n"
                            "  sigmac:\n"
                            "    target: eql\n"
                            "    schema: [schemas/ecs.yml]\n"
                            "    field_types: {Image: keyword, x.*: long}\n"
                            "    computed: {user: [{name: User, type: keyword, parts: [user.domain, user.name], by: '\\'}]}\n"
                            "    sources:\n"
                            "      - {product: windows, category: process_creation, category_keyword: process, computed: [user]}\n"
                            "      - {product: linux}\n";
  static const char *const one[] = {eql, NULL};
  static const Case cases[] = {
    {"the category is a test, for the VM", RULE("product: windows, category: process_creation", "Image: x"),
     "process and event.category is \"process\" cased Image is \"x\""},
    {"parts", RULE("product: windows, category: process_creation", "User: 'a\\b'"),
     "process and event.category is \"process\" cased and user.domain is \"a\" user.name is \"b\""},
    {"parts cannot be matched", RULE("product: windows, category: process_creation", "User|re: x"), "!target-field@92"},
    {"without parts the field is not known", RULE("product: linux", "User: x"), "!target-field@53"},
    {"any", RULE("product: linux", "Image: x"), "any Image is \"x\""},
    {"prefixes have types", RULE("product: linux", "x.y: 5"), "any x.y == 5"},
    {"the schema is there", RULE("product: linux", "process.pid: 5"), "any process.pid == 5"},
  };
  CHECK(one, ABSENT_REFUSE, cases);
}

/* Transformations run for each source with its log source; what they leave beside the tree is of all branches. */
Test(plan, transformations_of_each_branch) {
  static const char pipeline[] =
    "name: t\n"
    "vars:\n"
    "  sigmac:\n"
    "    target: eql\n"
    "    field_types: {t.*: keyword}\n"
    "    sources:\n"
    "      - {product: windows, category: [process_creation, network_connection, dns_query]}\n"
    "transformations:\n"
    "  - type: set_state\n"
    "    key: index\n"
    "    val: [%s]\n"
    "    rule_conditions: [{type: logsource, category: process_creation}]\n"
    "  - type: set_state\n"
    "    key: index\n"
    "    val: [%s]\n"
    "    rule_conditions: [{type: logsource, category: network_connection}]\n"
    "  - type: add_condition\n"
    "    conditions: {t.kind: net}\n"
    "    rule_conditions: [{type: logsource, category: network_connection}]\n"
    "  - type: field_name_prefix\n"
    "    prefix: t.\n"
    "    field_name_conditions: [{type: include_fields, fields: [Image, CommandLine, DestinationPort, QueryName]}]\n";
  static const struct {
    const char *process, *network, *rule, *want, *index;
  } cases[] = {
    {"a-*", "b-*, a-*", RULE("product: windows, category: network_connection", "Image: x"),
     "any and t.kind is \"net\" t.Image is \"x\"", "b-* a-* "},
    {"a-*, c-*", "b-*, a-*", EITHER("product: windows", "CommandLine: x", "DestinationPort: 5"),
     "any t.CommandLine is \"x\" | any and t.kind is \"net\" t.DestinationPort == 5 ~target-wide@20", "a-* c-* b-* "},
    {"a-*, c-*", "b-*, a-*", EITHER("product: windows", "CommandLine: x", "QueryName: y"), /* dns_query has none: not known */
     "any t.CommandLine is \"x\" | any t.QueryName is \"y\" ~target-wide@20", ""},
    {"a-*, c-*", "b-*, a-*",
     "logsource: {product: windows, category: process_creation}\ndetection: {s: {Image: x}, condition: s}\n",
     "any t.Image is \"x\"", "a-* c-* "},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Work w;
    Plan plan;
    char text[2000];
    snprintf(text, sizeof text, pipeline, cases[i].process, cases[i].network);
    begin(&w, (const char *const[]){text, NULL});
    Str got = plan_into(&w, &plan, cases[i].rule, ABSENT_REFUSE);
    Buf index = {.arena = &w.arena};
    for (uint32_t k = 0; k < plan.index.n; k++) buf_printf(&index, STR_FMT " ", STR_ARG(plan.index.p[k].text));
    cr_expect(str_is(got, cases[i].want), "%s  got  " STR_FMT "\n  want %s", cases[i].rule, STR_ARG(got), cases[i].want);
    cr_expect(str_is(buf_view(&index), cases[i].index), "%s  got  " STR_FMT, cases[i].rule, STR_ARG(buf_view(&index)));
    arena_free(&w.arena);
  }
}

/* --- faults ---------------------------------------------------------------------------------------------------- */

static Str faults(const char *text) {
  static Arena arena;
  Compiler c;
  arena_free(&arena);
  compiler_init(&c, &arena);
  compiler_add_pipeline(&c, STR("p.yml"), STR(""), str_of(text));
  compiler_prepare(&c);
  compiler_sort_diags(&c);
  Buf out = {.arena = &arena};
  for (uint32_t i = 0; i < c.diags.list.n; i++) {
    Place at = source_place(&c.sources, c.diags.list.p[i].at);
    buf_printf(&out, "%s%s %u:%u", i ? ", " : "", diag_info[c.diags.list.p[i].id].text, at.line, at.col);
  }
  cr_expect_eq(c.misconfigured, out.n > 0, "%s", text);
  return buf_view(&out);
}

Test(plan, faults_of_models_have_a_place) {
#define MODEL(lines) "name: x\nvars:\n  sigmac:\n" lines
  static const struct {
    const char *text, *want;
  } cases[] = {
    {MODEL("    target: eql\n"), ""},
    {MODEL("    time: x\n"), "pipeline-format 4:5"},
    {MODEL("    target: sql\n"), "pipeline-format 4:13"},
    {MODEL("    target: eql\n    tabels: {}\n"), "pipeline-format 5:5"},
    {MODEL("    target: eql\n    tables: {}\n"), "pipeline-format 5:5"},
    {MODEL("    target: kql\n    field_types: {}\n"), "pipeline-format 5:5"},
    {MODEL("    target: eql\n    field_types: {a: keyward}\n"), "pipeline-format 5:22"},
    {MODEL("    target: kql\n    tables: {T: [a]}\n"), "pipeline-format 5:17"},
    {MODEL("    target: kql\n    sources: [{product: x}]\n"), "pipeline-format 5:15"},
    {MODEL("    target: kql\n    sources: [{product: x, table: T}]\n"), "pipeline-format 5:35"},
    {MODEL("    target: eql\n    sources: [{product: x, table: T}]\n"), "pipeline-format 5:35"},
    {MODEL("    target: eql\n    sources: [{category_keyword: any}]\n"), "pipeline-format 5:15"},
    {MODEL("    target: eql\n    sources: [{product: []}]\n"), "pipeline-format 5:25"},
    {MODEL("    target: eql\n    sources: [{product: x, category_keyword: 'a b'}]\n"), "pipeline-format 5:46"},
    {MODEL("    target: eql\n    sources: [{product: x, covered_by: y}]\n"), "pipeline-format 5:40"},
    {MODEL("    target: eql\n    sources: [{product: x, computed: [g]}]\n"), "pipeline-format 5:39"},
    {MODEL("    target: eql\n    sources: [{product: x, absent: [a]}]\n"), "pipeline-format 5:37"},
    {MODEL("    target: eql\n    absent: {a: x}\n"), "pipeline-format 5:17"},
    {MODEL("    target: eql\n    schema: [schemas/none.yml]\n"), "pipeline-file 5:14"},
    {MODEL("    target: eql\n    computed: {g: [{name: A, type: keyword, expr: f(x)}]}\n"), "pipeline-format 5:51"},
    {MODEL("    target: kql\n    computed: {g: [{name: A, type: string}]}\n"), "pipeline-format 5:20"},
    {MODEL("    target: kql\n    computed: {g: [{name: A, type: string, expr: '{name}'}]}\n"), "pipeline-format 5:50"},
    {MODEL("    target: kql\n    computed: {g: [{type: string, expr: 'x'}]}\n"), "pipeline-format 5:41"},
    {MODEL("    target: kql\n    computed: {g: [{name: 'a b', type: string, expr: 'x'}]}\n"), "pipeline-format 5:27"},
    {MODEL("    target: kql\n    computed: {g: [{name: A, type: string, expr: \"a\\nb\"}]}\n"), "pipeline-format 5:50"},
    {MODEL("    target: eql\n    computed: {g: [{name: A, type: keyword, parts: [a], by: '-'}]}\n"), "pipeline-format 5:52"},
    {MODEL("    target: eql\n    computed: {g: [{name: A, type: keyword, parts: [a, b], by: xx}]}\n"), "pipeline-format 5:64"},
    {MODEL("    target: eql\n    computed: {g: [{name: A, type: keyword, parts: [a, b]}]}\n"), "pipeline-format 5:20"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Str got = faults(cases[i].text);
    cr_expect(str_is(got, cases[i].want), "%s  got  " STR_FMT "\n  want %s", cases[i].text, STR_ARG(got), cases[i].want);
  }
}
