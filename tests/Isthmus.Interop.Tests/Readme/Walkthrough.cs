// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Testing;

namespace Isthmus.Interop.Tests.Readme;

/// <summary>
/// Does what a page says, from top to bottom, in a folder that looks like a clone: a <c>toml</c> block that begins with <c># NAME</c> becomes that file,
/// every line of a <c>sh</c> block is run, and one that ends with <c>&amp;</c> goes on until the page ends. Port 5060 becomes a free one.
/// </summary>
internal sealed class Walkthrough : IAsyncDisposable
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();
    private readonly List<(string Command, ChildProgram Program)> _background = [];
    private readonly string _port = FreePort.On(IPAddress.Loopback, IPAddress.IPv6Loopback).ToString(CultureInfo.InvariantCulture);

    public Walkthrough()
    {
        // The programs of a clone, through symbolic links: ./isthmus finds its sources through them.
        foreach (var program in new[] { "isthmus", "test" })
        {
            File.CreateSymbolicLink(_folder.File(program), Path.Combine(Repository.Root, program));
        }
    }

    public async Task FollowAsync(string page)
    {
        foreach (var block in CodeBlock.In(page))
        {
            if (block.Language == "toml" && block.Lines is [var first, ..] && first.StartsWith("# ", StringComparison.Ordinal))
            {
                _folder.Write(first[2..].Trim(), WithFreePort(string.Join('\n', block.Lines) + "\n"));
            }
            else if (block.Language == "sh")
            {
                foreach (var command in block.Lines.Where(line => line.Length > 0 && !line.StartsWith('#')))
                {
                    await RunAsync(command, $"{page}:{block.Line}");
                }
            }
        }

        foreach (var (command, program) in _background)
        {
            await EndAsync(command, program);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, program) in _background)
        {
            await program.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task RunAsync(string command, string place)
    {
        var staysOn = command.EndsWith('&');
        var program = Start(staysOn ? command[..^1].TrimEnd() : command);
        if (staysOn)
        {
            _background.Add((command, program));

            // A server is up when it says where it listens, a phone when it is registered.
            var up = new Regex(command.Contains(" phone ", StringComparison.Ordinal) ? @"\bregistered\b" : _port);
            Assert.True(await program.Output.FindAsync(up, 0, Eventually.Patience) is not null, $"{place}: {command}\n{program.Output.Text}");
            return;
        }

        await using (program)
        {
            var code = await program.ExitAsync(CommandLimit);
            var others = string.Concat(_background.Select(other => $"\n--- {other.Command}\n{other.Program.Output.Text}"));
            Assert.True(code == 0, $"{place}: {command}: exit code {code}\n{program.Output.Text}{others}");
        }
    }

    private ChildProgram Start(string command)
    {
        // This is ./test already: what is left to try is that the command is there.
        var line = WithFreePort(command == "./test" ? "./test --help" : command);
        var environment = new Dictionary<string, string>
        {
            ["ISTHMUS__Store__Path"] = _folder.File("bindings.db"),
            ["RUNTIME_DIRECTORY"] = _folder.Path,
            ["TMPDIR"] = _folder.Path,
        };
        (string Transport, string Address)[] listeners = [("udp", "127.0.0.1"), ("tcp", "127.0.0.1"), ("udp", "::1"), ("tcp", "::1")];
        foreach (var (index, listener) in listeners.Index())
        {
            // The page's server takes port 5060 of every address; a test takes a free one of loopback.
            environment[$"ISTHMUS__Listeners__{index}__Transport"] = listener.Transport;
            environment[$"ISTHMUS__Listeners__{index}__Address"] = listener.Address;
            environment[$"ISTHMUS__Listeners__{index}__Port"] = _port;
        }

        return ChildProgram.Start("/bin/bash", ["-c", "exec " + line], _folder.Path, environment: environment);
    }

    private static async Task EndAsync(string command, ChildProgram program)
    {
        if (!program.HasExited)
        {
            await program.SignalAsync("TERM");
        }

        var code = await program.ExitAsync();
        Assert.True(code is 0, $"{command}: exit code {code} after SIGTERM\n{program.Output.Text}");
    }

    private string WithFreePort(string text) => text.Replace("5060", _port, StringComparison.Ordinal);
}
