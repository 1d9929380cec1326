// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Isthmus.Interop.Tests.Programs;

namespace Isthmus.Interop.Tests.Lab;

/// <summary><c>isthmus lab</c> as a process, and what it wrote.</summary>
internal sealed class LabProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();
    private readonly ChildProgram _program;

    private LabProgram(string arguments) =>
        _program = ChildProgram.Start(IsthmusServer.Program, ["lab", .. arguments.Split(' '), "--output", _folder.File("out"), "--json", _folder.File("lab.json")], _folder.Path);

    public ChildProgram Program => _program;

    /// <summary>The folder of ladders and captures.</summary>
    public string Output => _folder.File("out");

    /// <summary>Starts it; skips the running test where namespaces cannot be made.</summary>
    public static LabProgram Start(string arguments)
    {
        using var proof = TestNetwork.Create();
        return new LabProgram(arguments);
    }

    /// <summary>Waits for its end and returns the exit code and the rows of its JSON.</summary>
    public async Task<(int Code, IReadOnlyList<JsonElement> Rows)> ResultAsync()
    {
        var code = await _program.ExitAsync(Patience);
        Assert.True(File.Exists(_folder.File("lab.json")), _program.Output.Text);
        return (code, [.. JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.File("lab.json"))).RootElement.GetProperty("rows").EnumerateArray()]);
    }

    /// <summary>The texts of an array, such as <c>seen</c> or <c>problems</c>.</summary>
    public static IReadOnlyList<string?> Texts(JsonElement row, string name) => [.. row.GetProperty(name).EnumerateArray().Select(text => text.GetString())];

    /// <summary>The namespaces of the lab that a process made and that are still there.</summary>
    public static IReadOnlyList<string> NamespacesOf(int process) =>
        Directory.Exists("/run/netns") ? [.. Directory.EnumerateFiles("/run/netns", $"isthmus-lab-{process}-*").Select(Path.GetFileName).OfType<string>()] : [];

    public async ValueTask DisposeAsync()
    {
        if (!_program.HasExited)
        {
            await _program.SignalAsync("TERM");
            await _program.ExitAsync();
        }

        await _program.DisposeAsync();
        _folder.Dispose();
    }
}
