// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.RegularExpressions;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>linphonec 5.1 as Debian ships it (linphone-cli), driven by its own commands; files take the place of its sound card.</summary>
internal sealed partial class Linphonec : IRealPhone
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProgram _program;

    private Linphonec(TemporaryFolder folder, ChildProgram program, int port)
    {
        _folder = folder;
        _program = program;
        Port = port;
    }

    /// <summary>The port on which it listens for SIP.</summary>
    public int Port { get; }

    public ProgramOutput Output => _program.Output;

    /// <summary>How often a call rang.</summary>
    public int IncomingCalls => Output.Count(Incoming());

    public static void SkipUnlessInstalled() => ChildProgram.Require("linphonec", "linphone-cli");

    public static async Task<Linphonec> StartAsync(LinphonecOptions options)
    {
        var program = ChildProgram.Require("linphonec", "linphone-cli");
        var folder = new TemporaryFolder();
        var port = options.Host is null ? FreePort.On(options.Address) : 5060;
        Directory.CreateDirectory(folder.File(".local/share/linphone"));
        Directory.CreateDirectory(folder.File(".config"));
        Recording.WriteTone(folder.File("tone.wav"), options.Tone);
        folder.Write("linphonerc", Configuration(options, port));
        string[] arguments = ["-c", folder.File("linphonerc"), "-S", .. options.Trace ? ["-d", "6"] : Array.Empty<string>()];
        var linphone = new Linphonec(folder, ChildProgram.Start(program, arguments, folder.Path, options.Host, new Dictionary<string, string>
        {
            ["HOME"] = folder.Path,
            ["XDG_CONFIG_HOME"] = folder.File(".config"),
            ["XDG_DATA_HOME"] = folder.File(".local/share"),
        }), port);
        try
        {
            await linphone.CommandAsync("soundcard use files");
            await linphone._program.SaysAsync("Using wav files");
            await linphone.CommandAsync($"play {folder.File("tone.wav")}");
            await linphone.CommandAsync($"record {folder.File("heard.wav")}");
            await linphone.CommandAsync(options.AnswersAtOnce ? "autoanswer enable" : "autoanswer disable");
            await linphone._program.SaysAsync("Auto answer (en|dis)abled");
            return linphone;
        }
        catch
        {
            await linphone.DisposeAsync();
            throw;
        }
    }

    public Task CommandAsync(string command) => _program.SendAsync(command);

    /// <summary>Waits until so many proxies answered 200 to its REGISTER. linphonec prints nothing of that by itself: it is asked.</summary>
    public async Task RegisteredAsync(int proxies = 1)
    {
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < Eventually.Patience)
        {
            var from = Output.Position;
            await CommandAsync("proxy list");
            await Eventually.IsTrue(() => Output.Count(RegistrationState(), from) >= proxies, $"linphone lists {proxies} proxies. It said:\n{Output.Text}");
            if (Output.Count(Registered(), from) >= proxies)
            {
                return;
            }
        }

        Assert.Fail($"linphone did not register at {proxies} proxies. It said:\n{Output.Text}");
    }

    public Task DialAsync(string uri) => CommandAsync($"call {uri}");

    public Task SendMessageAsync(string uri, string text) => CommandAsync($"chat {uri} {text}");

    public async Task<bool> ReceivesMessageAsync(string text) => await Output.FindAsync(new Regex($"[Mm]essage received from.*{Regex.Escape(text)}"), 0, Eventually.Patience) is not null;

    /// <summary>INVITEs that it sent or received; known with <see cref="LinphonecOptions.Trace"/> only.</summary>
    public int SentInvites => Output.Count(SentInvite());

    public Task AnswerAsync() => CommandAsync("answer");

    public Task HangUpAsync() => CommandAsync("terminate");

    public Task RingsAsync() => _program.SaysAsync(Incoming());

    public Task EstablishedAsync() => _program.SaysAsync("Media streams established");

    /// <summary>Waits for the end of a call and returns linphone's words for it.</summary>
    public async Task<string> ClosedAsync() => (await _program.SaysAsync(Closed())).Groups["reason"].Value;

    /// <summary>Waits until at least a second of the other side was recorded: 96 kB at linphone's 48 kHz, whose header it writes at the end.</summary>
    public Task HearsAsync() =>
        Eventually.IsTrue(() => new FileInfo(_folder.File("heard.wav")) is { Exists: true, Length: > 150_000 }, $"linphone hears something. It said:\n{Output.Text}");

    /// <summary>What it heard; complete when the call is over.</summary>
    public Recording Recorded() => File.Exists(_folder.File("heard.wav")) ? Recording.Read(_folder.File("heard.wav")) : new Recording(8000, []);

    public Task KillAsync() => _program.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (!_program.HasExited)
        {
            try
            {
                await _program.SendAsync("quit");
                await _program.Output.FindAsync(Ended(), 0, TimeSpan.FromSeconds(2));
            }
            catch (IOException)
            {
                // It has just ended by itself.
            }
        }

        await _program.DisposeAsync();
        _folder.Dispose();
    }

    private static string Configuration(LinphonecOptions options, int port)
    {
        // Without ipv6_migration_done linphone turns IPv6 on by itself, whatever use_ipv6 says.
        var general = $"""
            [sip]
            sip_port={port}
            sip_tcp_port={port}
            sip_tls_port=-1
            use_ipv6={(options.Versions.Has(IpVersion.V6) ? 1 : 0)}
            ipv6_migration_done=1
            guess_hostname=1
            register_only_when_network_is_up=0
            contact=<{options.Identity}>
            default_proxy={(options.Proxies.Count == 0 ? -1 : 0)}
            media_encryption=none
            [rtp]
            audio_rtp_port=-1
            video_rtp_port=-1
            text_rtp_port=-1
            [net]
            nat_policy_ref=none
            [nat_policy_0]
            ref=none
            [video]
            enabled=0
            display=0
            capture=0
            automatically_initiate=0
            automatically_accept=0
            [audio_codec_0]
            mime=PCMU
            rate=8000
            channels=1
            enabled=1
            [audio_codec_1]
            mime=PCMA
            rate=8000
            channels=1
            enabled=1

            """;
        return general + string.Concat(options.Proxies.Select((proxy, index) => $"""
            [proxy_{index}]
            reg_proxy=<{proxy.Uri}>
            reg_route=<{proxy.Uri};lr>
            reg_identity={options.Identity}
            reg_expires=300
            reg_sendregister=1
            publish=0
            nat_policy_ref=none

            """));
    }

    [GeneratedRegex("Receiving new incoming call from")]
    private static partial Regex Incoming();

    [GeneratedRegex("^registered: (yes|no)")]
    private static partial Regex RegistrationState();

    [GeneratedRegex("^registered: yes")]
    private static partial Regex Registered();

    [GeneratedRegex(@"Call \d+ with .* (ended|error) ?\((?<reason>[^)]*)\)|Call \d+ .*(?<reason>error|declined|failed)")]
    private static partial Regex Closed();

    [GeneratedRegex("^INVITE ")]
    private static partial Regex SentInvite();

    [GeneratedRegex("Terminating")]
    private static partial Regex Ended();
}
