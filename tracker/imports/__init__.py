"""Reading foreign files into the register: look, read, ask, plan (a dry run), apply all or nothing.

How the parts fit together; the web wizard and the command walk the same way:

1. `contents.inspect_file(path)`: what kind of file, which layers or sheets, the first rows of a sheet. Refuses what is
   no file of ours with one sentence.
2. `sources.read_table(path, layer, header_row)`: one layer as columns, shapes and a stated system. Nothing interpreted.
3. `questions.questions(session, table, choices)`: what the file leaves open: coordinate system and axis order, columns
   without a field, words without a meaning. A person's answers are a `choices.Choices`, which travels as JSON.
4. `candidates.interpret(table, choices)`: parsed and placed rows, each fault with its row, column, value and reason.
5. `plan.make_plan(session, candidates, year, publish=…)`: what is added, changed, unchanged, refused.
   `Plan.fingerprint()` is the same for the same file, answers and register.
6. `apply.apply_plan(session, plan, actor, expected=…, leave_refused=…)`: all in the caller's transaction or nothing.
7. `refusals.refused_csv(table, plan)` and `refused_xlsx`: the refused rows to mend and send again.
"""
