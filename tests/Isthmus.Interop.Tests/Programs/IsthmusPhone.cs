// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>How <c>isthmus phone</c> is started.</summary>
internal sealed record IsthmusPhoneOptions
{
    /// <summary><c>call URI</c>, <c>answer</c> or <c>listen</c>, with the options of that command.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public required string Account { get; init; }

    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary><c>both</c>, <c>one-request</c>, <c>ipv4</c> or <c>ipv6</c>.</summary>
    public string Mode { get; init; } = "both";

    public string Transport { get; init; } = "udp";

    /// <summary>The tone that it says, in hertz.</summary>
    public double Tone { get; init; } = 1000;

    public TestHost? Host { get; init; }
}

/// <summary>Our phone as a process of its own, read by its JSON events.</summary>
internal sealed class IsthmusPhone : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProgram _program;

    private IsthmusPhone(TemporaryFolder folder, ChildProgram program)
    {
        _folder = folder;
        _program = program;
    }

    public ProgramOutput Output => _program.Output;

    public static IsthmusPhone Start(IsthmusPhoneOptions options)
    {
        var folder = new TemporaryFolder();
        string[] arguments =
        [
            "phone", .. options.Command, "--account", options.Account, .. options.Servers.SelectMany(server => new[] { "--server", server }),
            "--mode", options.Mode, "--transport", options.Transport,
            "--play", $"tone:{options.Tone.ToString(CultureInfo.InvariantCulture)}", "--record", folder.File("heard.wav"), "--json",
        ];
        return new IsthmusPhone(folder, ChildProgram.Start(IsthmusServer.Program, arguments, folder.Path, options.Host));
    }

    /// <summary>Waits until it is registered on this IP version.</summary>
    public Task RegisteredAsync(IpVersion version) => _program.SaysAsync($"\"version\":\"{version.DisplayName}\".*\"phase\":\"registered\"");

    /// <summary>Waits until a call is answered, and returns the IP version of its media.</summary>
    public async Task<IpVersion> EstablishedAsync() =>
        (await _program.SaysAsync("\"phase\":\"established\".*\"version\":\"(IPv[46])\"|\"version\":\"(IPv[46])\".*\"phase\":\"established\"")).Value.Contains("IPv4", StringComparison.Ordinal)
            ? IpVersion.V4 : IpVersion.V6;

    /// <summary>How often it was told to call again by another version.</summary>
    public int Redirects => Output.Count(new Regex("\"phase\":\"redirected\""));

    /// <summary>The events of one kind (<c>registration</c>, <c>call</c>, <c>heard</c>…), in order.</summary>
    public IEnumerable<JsonElement> Events(string kind)
    {
        foreach (var line in Output.Text.Split('\n').Where(line => line.StartsWith('{')))
        {
            var root = JsonDocument.Parse(line).RootElement;
            if (root.TryGetProperty("event", out var name) && name.GetString() == kind)
            {
                yield return root;
            }
        }
    }

    /// <summary>Waits for its end; the exit code says how the call ended (docs/phone.md).</summary>
    public Task<int> ExitAsync() => _program.ExitAsync();

    /// <summary>Waits until at least a second of the other side was recorded.</summary>
    public Task HearsAsync() =>
        Eventually.IsTrue(() => new FileInfo(_folder.File("heard.wav")) is { Exists: true, Length: > 16_000 }, $"our phone hears something. It said:\n{Output.Text}");

    /// <summary>What it heard; complete when it has ended.</summary>
    public Recording Recorded() => File.Exists(_folder.File("heard.wav")) ? Recording.Read(_folder.File("heard.wav")) : new Recording(8000, []);

    public Task SignalAsync(string signal) => _program.SignalAsync(signal);

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Dispose();
    }
}
