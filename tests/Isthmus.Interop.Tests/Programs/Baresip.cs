// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.RegularExpressions;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>
/// baresip 1.0 as Debian ships it, driven by its own commands over its standard input. It says a tone from a file (aufile) and records
/// what it hears (sndfile).
/// </summary>
internal sealed partial class Baresip : IRealPhone
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProgram _program;

    private Baresip(TemporaryFolder folder, ChildProgram program, int port)
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

    public static void SkipUnlessInstalled() => ChildProgram.Require("baresip", "baresip-core");

    public static async Task<Baresip> StartAsync(BaresipOptions options)
    {
        var program = ChildProgram.Require("baresip", "baresip-core");
        var folder = new TemporaryFolder();
        var port = options.Address is { } address ? FreePort.On(address) : 5060;
        var listen = options.Address is { } local ? $"{new IPEndPoint(local, port)}" : $"0.0.0.0:{port}";
        folder.Write("accounts", string.Join('\n', options.Accounts) + "\n");
        folder.Write("contacts", options.Contact is { } contact ? $"\"Contact\" <{contact}>\n" : "");
        Directory.CreateDirectory(folder.File("heard"));
        Recording.WriteTone(folder.File("tone.wav"), options.Tone);
        folder.Write("config", $"""
            poll_method epoll
            {(options.Address is { } only ? $"sip_listen {listen}\nnet_interface {only}" : "net_interface eth0")}
            call_local_timeout 120
            call_max_calls 4
            audio_player aubridge,nil
            audio_source aufile,{folder.File("tone.wav")}
            audio_alert aubridge,nil
            ausrc_srate 8000
            auplay_srate 8000
            ausrc_channels 1
            auplay_channels 1
            module_path {ModuleFolder()}
            module stdio.so
            module g711.so
            module sndfile.so
            module aufile.so
            module aubridge.so
            module_tmp uuid.so
            module_tmp account.so
            module_app menu.so
            module_app contact.so
            snd_path {folder.File("heard")}

            """);
        string[] arguments = options.Trace ? ["-s", "-f", folder.Path] : ["-f", folder.Path];
        var baresip = new Baresip(folder, ChildProgram.Start(program, arguments, folder.Path, options.Host), port);
        try
        {
            await baresip._program.SaysAsync("baresip is ready");
            return baresip;
        }
        catch
        {
            await baresip.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the registrar answered 200 on this IP version.</summary>
    public Task RegisteredAsync(IpVersion version) => _program.SaysAsync($@"\{{\d+/\w+/{(version == IpVersion.V4 ? "v4" : "v6")}\}} 200 ");

    public Task DialAsync(string uri) => CommandAsync($"/dial {uri}");

    public Task AnswerAsync() => CommandAsync("/accept");

    public Task HangUpAsync() => CommandAsync("/hangup");

    /// <summary>Sends a MESSAGE (RFC 3428) to the contact of <see cref="BaresipOptions.Contact"/>.</summary>
    public Task SendMessageAsync(string uri, string text) => CommandAsync($"/message {text}");

    public Task<bool> ReceivesMessageAsync(string text) => SaysAsync(Regex.Escape(text));

    public Task CommandAsync(string command) => _program.SendAsync(command);

    /// <summary>INVITEs that it sent; known with <see cref="BaresipOptions.Trace"/> only.</summary>
    public int SentInvites => Output.Count(SentInvite());

    private async Task<bool> SaysAsync(string pattern) => await Output.FindAsync(new Regex(pattern), 0, Eventually.Patience) is not null;

    public Task RingsAsync() => _program.SaysAsync(Incoming());

    public Task EstablishedAsync() => _program.SaysAsync("Call established");

    /// <summary>Waits for the end of a call that was, or was not, established, and returns baresip's words for it, such as <c>488 Not Acceptable Here</c>.</summary>
    public async Task<string> ClosedAsync()
    {
        var match = await _program.SaysAsync(Closed());
        return match.Groups["reason"].Success ? match.Groups["reason"].Value.Trim() : "";
    }

    /// <summary>Waits until at least a second of the other side was recorded.</summary>
    public Task HearsAsync() =>
        Eventually.IsTrue(() => Heard() is { } file && new FileInfo(file).Length > 8000 * sizeof(short), $"baresip hears something. It said:\n{Output.Text}");

    /// <summary>What it heard in its latest call; complete when the call is over.</summary>
    public Recording Recorded() => Heard() is { } file ? Recording.Read(file) : new Recording(8000, []);

    public Task KillAsync() => _program.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (!_program.HasExited)
        {
            try
            {
                await _program.SendAsync("/quit");
            }
            catch (IOException)
            {
                // It has just ended by itself.
            }

            // A polite end unregisters, but a registrar that is gone already is not waited for.
            await _program.Output.FindAsync(StoppedAll(), 0, TimeSpan.FromSeconds(2));
        }

        await _program.DisposeAsync();
        _folder.Dispose();
    }

    private string? Heard() =>
        Directory.EnumerateFiles(_folder.File("heard"), "*-dec.wav").OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault();

    private static string ModuleFolder() =>
        Directory.Exists("/usr/lib/baresip/modules") ? "/usr/lib/baresip/modules" : "/usr/local/lib/baresip/modules";

    [GeneratedRegex("[Ii]ncoming call from|answering call on line")]
    private static partial Regex Incoming();

    [GeneratedRegex(@"session closed:(?<reason>.*)|: Call with .* terminated|call: .*SIP Progress: (?<reason>[4-6]\d\d.*)")]
    private static partial Regex Closed();

    [GeneratedRegex("^INVITE ")]
    private static partial Regex SentInvite();

    [GeneratedRegex("ua: stop all")]
    private static partial Regex StoppedAll();
}
