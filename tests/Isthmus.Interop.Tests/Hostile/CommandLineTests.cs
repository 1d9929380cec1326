// SPDX-License-Identifier: Apache-2.0
using Isthmus.Interop.Tests.Programs;

namespace Isthmus.Interop.Tests.Hostile;

/// <summary>Wrong command lines and configurations: one line that says what is wrong and what to type, and an exit code for scripts.</summary>
public sealed class CommandLineTests
{
    public static TheoryData<string[], string> WrongUses => new()
    {
        { [], "a command is missing, expected serve, check, show, explain, phone, demo or lab; type: isthmus --help" },
        { ["sreve"], "there is no command 'sreve', expected serve, check, show, explain, phone, demo or lab; type: isthmus --help" },
        { ["serve", "--confg", "x"], "there is no option '--confg' here; type: isthmus serve --help" },
        { ["serve", "more"], "there is no argument 'more' here; type: isthmus serve --help" },
        { ["serve", "--config"], "--config" },
        { ["check"], "type: isthmus check --help" },
        { ["explain"], "type: isthmus explain --help" },
        { ["explain", "bob@b.example", "--offer", "5"], "'both'" },
        { ["show"], "a command is missing, expected bindings, calls, listeners, messages, presence, subscriptions, peers or runtime; type: isthmus show --help" },
        { ["show", "bindngs"], "expected bindings, calls, listeners, messages, presence, subscriptions, peers or runtime" },
        { ["demo", "--figure", "99"], "there is no figure '99' here; expected 3," },
        { ["lab", "all", "--jobs", "x"], "--jobs: expected a number from 1 to 16" },
        { ["lab", "beside", "--rate", "0"], "--rate: expected a number from 1 to 5000" },
        { ["phone"], "a command is missing, expected register, call, answer, listen, send, chat, watch or publish; type: isthmus phone --help" },
        { ["phone", "call"], "type: isthmus phone call --help" },
        { ["phone", "call", "sip:a@example.com", "--account", "nonsense"], "'nonsense' is not an address such as sip:alice@example.com" },
        { ["phone", "call", "sip:a@example.com", "--mode", "sideways"], "'both'" },
        { ["serve", "\u001b[31m--x\nfoo"], "there is no" },
    };

    [Theory]
    [MemberData(nameof(WrongUses))]
    public async Task WrongUse_OfAnyCommand_IsOneLineThatSaysWhatToType(string[] arguments, string line)
    {
        using var folder = new TemporaryFolder();
        await using var isthmus = ChildProgram.Start(IsthmusServer.Program, arguments, folder.Path);
        Assert.Equal(2, await isthmus.ExitAsync());
        var said = Assert.Single(isthmus.Output.Text.Split('\n'));
        Assert.StartsWith("isthmus: ", said, StringComparison.Ordinal);
        Assert.Contains(line, said, StringComparison.Ordinal);
        Assert.Contains("; type: isthmus ", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check", "missing.toml", "missing.toml: cannot be read: ")]
    [InlineData("check", "/", "/: is a folder, expected a TOML file")]
    [InlineData("serve --config", "missing.toml", "missing.toml: cannot be read: ")]
    [InlineData("show bindings --socket", "nobody.sock", "no server answers at nobody.sock: is `isthmus serve` running?")]
    [InlineData("show calls --json --socket", "nobody.sock", "no server answers at nobody.sock: is `isthmus serve` running?")]
    [InlineData("show peers --socket", "nobody.sock", "no server answers at nobody.sock: is `isthmus serve` running?")]
    [InlineData("explain bob@b.example --socket", "nobody.sock", "no server answers at nobody.sock: is `isthmus serve` running?")]
    [InlineData("explain bob@b.example --config", "missing.toml", "missing.toml: cannot be read: ")]
    public async Task WhatIsNotThere_IsOneLine(string command, string path, string line)
    {
        using var folder = new TemporaryFolder();
        await using var isthmus = ChildProgram.Start(IsthmusServer.Program, [.. command.Split(' '), path], folder.Path);
        Assert.Equal(1, await isthmus.ExitAsync());
        Assert.StartsWith(line, Assert.Single(isthmus.Output.Text.Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "call to   sip:bob@b.example", "192.0.2.50:5070")]
    [InlineData("--json", "{\"uri\":\"sip:bob@b.example\"", "\"reason\":\"ArrivalNotShared\"")]
    public async Task Explain_ByAConfiguration_SaysWhereAndWhy(string option, string begins, string contains)
    {
        using var folder = new TemporaryFolder();
        folder.Write("isthmus.toml", "judge = \"arrival\"\n[[peer]]\ndomain = \"b.example\"\ntargets = [\"192.0.2.50:5070\"]");
        string[] arguments = ["explain", "bob@b.example", "--from", "alice@c.example", "--config", "isthmus.toml", .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        await using var isthmus = ChildProgram.Start(IsthmusServer.Program, arguments, folder.Path);
        Assert.Equal(0, await isthmus.ExitAsync());
        Assert.StartsWith(begins, isthmus.Output.Text, StringComparison.Ordinal);
        Assert.Contains(contains, isthmus.Output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("serve", "--config")]
    public async Task Configuration_WithFiveErrors_ShowsAllWithTheirLines(params string[] command)
    {
        using var folder = new TemporaryFolder();
        folder.Write("wrong.toml", """
            judge = "sometimes"
            port = 5060
            [limits]
            calls = -1
            transactions = "many"

            [[listeners]]
            transport = "udp"
            address = "192.0.2.300"
            """);
        await using var isthmus = ChildProgram.Start(IsthmusServer.Program, [.. command, "wrong.toml"], folder.Path);
        Assert.Equal(1, await isthmus.ExitAsync());
        var said = isthmus.Output.Text.Split('\n');
        Assert.Equal(["wrong.toml:1:9", "wrong.toml:2:1", "wrong.toml:4:9", "wrong.toml:5:16", "wrong.toml:9:11"], said.Select(line => line[..line.IndexOf(": ", StringComparison.Ordinal)]));
        Assert.All(said, line => Assert.Matches("expected|known are", line));
    }

    [Fact]
    public async Task Configuration_ThatIsNoText_IsSaidInAPageAndSendsNothingToTheTerminal()
    {
        using var folder = new TemporaryFolder();
        var rubbish = new byte[5000];
        new Random(1).NextBytes(rubbish);
        await File.WriteAllBytesAsync(folder.File("rubbish.toml"), rubbish, TestContext.Current.CancellationToken);
        await using var isthmus = ChildProgram.Start(IsthmusServer.Program, ["check", "rubbish.toml"], folder.Path);
        Assert.Equal(1, await isthmus.ExitAsync());
        var said = isthmus.Output.Text.Split('\n');
        Assert.InRange(said.Length, 1, 21);
        Assert.All(said, line => Assert.DoesNotContain(line, char.IsControl));
        Assert.Contains("more: is this a TOML file?", said[^1], StringComparison.Ordinal);
    }
}
