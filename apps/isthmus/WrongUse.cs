// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;

namespace Isthmus.App;

/// <summary>Wrong use of the command line: one line that says what is wrong and what to type, and exit code 2.</summary>
internal static class WrongUse
{
    public const int ExitCode = 2;

    public static int Show(ParseResult parsed, TextWriter error)
    {
        string command = NameOf(parsed.CommandResult);
        error.WriteLine($"isthmus: {Fault(parsed)}; type: {command} --help");
        return ExitCode;
    }

    private static string Fault(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            return command.Subcommands.Count > 0 && !unknown.StartsWith('-')
                ? $"there is no command '{Shown(unknown)}', expected {OneOf(command.Subcommands.Select(sub => sub.Name))}"
                : $"there is no {(unknown.StartsWith('-') ? "option" : "argument")} '{Shown(unknown)}' here";
        }

        // A missing command is said with those that there are; the rest says itself.
        return command.Subcommands.Count > 0 && command.Action is null
            ? $"a command is missing, expected {OneOf(command.Subcommands.Select(sub => sub.Name))}"
            : Shown(parsed.Errors[0].Message.TrimEnd('.'));
    }

    private static string NameOf(CommandResult result) => result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : "isthmus";

    private static string OneOf(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }

    // Whatever was typed stays on one line and sends nothing to the terminal.
    private static string Shown(string text)
    {
        string line = string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
        return line.Length > 200 ? line[..200] + "…" : line;
    }
}
