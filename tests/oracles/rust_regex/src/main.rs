// SPDX-License-Identifier: MIT
// Regular expressions of Rust's regex crate for kql_match.py. stdin: one JSON array a line, [pattern, [text, ...]] or
// [pattern, [text, ...], group number]. stdout: a JSON array with, for each text, true or false, or with a group its text in the
// first match or null; a JSON string is the error of a bad pattern.
use std::collections::HashMap;
use std::io::{BufRead, Write};

fn main() {
    let mut cache: HashMap<String, Result<regex::Regex, String>> = HashMap::new();
    let stdout = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("read");
        let v: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        let pattern = v[0].as_str().expect("pattern").to_string();
        if cache.len() > 2000 {
            cache.clear();
        }
        let re = cache
            .entry(pattern.clone())
            .or_insert_with(|| regex::Regex::new(&pattern).map_err(|e| e.to_string()));
        let texts = v[1].as_array().expect("texts").iter().map(|t| t.as_str().expect("text"));
        let answer = match re {
            Err(e) => serde_json::Value::String(e.clone()),
            Ok(r) => match v.get(2) {
                Some(n) => texts
                    .map(|t| {
                        r.captures(t)
                            .map(|c| c.get(n.as_u64().expect("group number") as usize).map_or("", |m| m.as_str()).to_string())
                    })
                    .collect::<Vec<_>>()
                    .into(),
                None => texts.map(|t| r.is_match(t)).collect::<Vec<_>>().into(),
            },
        };
        let mut out = stdout.lock();
        writeln!(out, "{}", answer).expect("write");
        out.flush().expect("flush");
    }
}
