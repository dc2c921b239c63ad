/* SPDX-License-Identifier: MIT */
#include "cli/logsourceopts.h"

static bool read_label(const Args *args, Str text, Logsource *l) {
  static const char *const keys[] = {"category", "product", "service"};
  Str *const parts[] = {&l->category, &l->product, &l->service};
  for (bool more = true; more;) {
    size_t comma = str_find(text, STR(","), 0);
    more = comma != SIZE_MAX;
    Str part = more ? str_sub(text, 0, comma) : text;
    if (more) text = str_from(text, comma + 1);
    size_t eq = str_find(part, STR("="), 0);
    int k = 0;
    while (k < 3 && (eq == SIZE_MAX || !str_is(str_sub(part, 0, eq), keys[k]))) k++;
    if (k == 3 || eq + 1 == part.n) {
      usage_error(args, "--event-logsource takes category=X,product=Y,service=Z, or some of these, not `" STR_FMT "`",
                  STR_ARG(part));
      return false;
    }
    *parts[k] = str_from(part, eq + 1);
  }
  return true;
}

bool logsource_options_read(Logsource *l, const Args *args) {
  Str which = args_last(args, "logsource", "auto");
  *l = (Logsource){0};
  if (!str_is(which, "off") && !str_is(which, "auto")) return usage_error(args, "--logsource is auto or off"), false;
  if (args_has(args, "event-logsource") && !read_label(args, args_last(args, "event-logsource", ""), l)) return false;
  if (str_is(which, "off")) *l = (Logsource){0}; /* compares nothing, whatever the labels */
  l->find = str_is(which, "auto") && !args_has(args, "event-logsource");
  return true;
}

void logsource_options_apply(const Logsource *l, sigmac_scanner *scanner) {
  if (!l->find) /* else as it does by itself */
    checked(sigmac_scanner_set_logsource(scanner, str_out(l->category), str_out(l->product), str_out(l->service)));
}
