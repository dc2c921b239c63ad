/* SPDX-License-Identifier: MIT */
#include "cli/lint_mend.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/diff.h"
#include "cli/files.h"
#include "cli/library.h"
#include "cli/memory.h"
#include "cli/say.h"

static bool colour(const Args *args) { return args->colour && (args_has(args, "color") || isatty(STDOUT_FILENO)); }

static bool is_stdin(const LintFix *x, const sigmac_fixed_file *f) { return x->stdin_text.p && f->file == x->stdin_file; }

static bool write_file(LintFix *x, const sigmac_fixed_file *f) {
  const char *path = arena_cstr(x->args->arena, str_in(f->path)), *why = "";
  unsigned links = 1;
  if (!file_replace(path, str_in(f->before), str_in(f->after), &links, &why)) {
    say("%s: error: cannot be fixed: %s", path, why);
    x->status = EXIT_BAD_INPUT;
    return false;
  }
  if (links > 1)
    say("%s: note: this name has a file of its own now; %u other %s the text before", path, links - 1,
        links > 2 ? "names keep" : "name keeps");
  return true;
}

/* Of a file that is beyond what the guard looks at there may be thousands. */
static void say_left_out(const sigmac_fixed_file *f) {
  enum { MOST = 20 };
  for (uint32_t i = 0; i < f->left_out_n && i < MOST; i++)
    say(STR_FMT ":%u:%u: note: the fix of %s is left out: it would change the rule", STR_ARG(str_in(f->path)), f->left_out[i].line,
        f->left_out[i].column, f->left_out[i].id);
  if (f->left_out_n > MOST) say(STR_FMT ": note: %u more fixes are left out", STR_ARG(str_in(f->path)), f->left_out_n - MOST);
}

static void on_fixed(void *ctx, const sigmac_fixed_file *f) {
  LintFix *x = ctx;
  bool written = true;
  say_left_out(f);
  if (!f->applied_n) return;
  if (x->diff) diff_unified(&x->out, str_in(f->path), str_in(f->before), str_in(f->after), colour(x->args));
  else if (is_stdin(x, f)) x->stdin_text = arena_dup(x->args->arena, str_in(f->after));
  else written = write_file(x, f);
  x->fixes += written ? f->applied_n : 0;
  x->files += written;
  x->unwritten += !written;
}

int lint_mend(LintFix *x, sigmac_linter *l, bool unsafe) {
  x->out = (Buf){.heap = &cli_heap};
  checked(sigmac_linter_fix(l, unsafe, on_fixed, x));
  if (x->stdin_text.p && !x->diff) buf_str(&x->out, x->stdin_text);
  write_to_stdout(NULL, str_out(buf_view(&x->out)));
  fflush(stdout); /* what follows goes to stderr */
  buf_free(&x->out);
  return x->status;
}

void lint_mend_summary(const LintFix *x, uint32_t findings) {
  if (x->args->quiet) return;
  if (x->unwritten)
    say("%u %s not written: what is wrong there is not among what is left", x->unwritten,
        x->unwritten == 1 ? "file was" : "files were");
  say("%u %s in %u %s%s; %u %s left", x->fixes, x->fixes == 1 ? "fix" : "fixes", x->files, x->files == 1 ? "file" : "files",
      x->diff ? " would be made" : "", findings, findings == 1 ? "finding" : "findings");
}
