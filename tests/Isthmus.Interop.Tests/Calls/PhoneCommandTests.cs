// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Isthmus.Interop.Tests.Programs;
using Isthmus.Sip;

namespace Isthmus.Interop.Tests.Calls;

/// <summary>The command <c>isthmus phone</c> as people and scripts use it.</summary>
public sealed class PhoneCommandTests
{
    [Theory]
    [InlineData("--duration NaN", "--duration: expected 0 to 604800 seconds")]
    [InlineData("--duration 1e12", "--duration: expected 0 to 604800 seconds")]
    [InlineData("--duration -1", "--duration: expected 0 to 604800 seconds")]
    [InlineData("--digits 12x", "--digits: expected 1 to 32 of 0 to 9")]
    [InlineData("--transport tls", "--transport: expected udp, tcp")]
    [InlineData("--account bob", "'bob' is not an address such as sip:alice@example.com")]
    public async Task Call_WithAWrongOption_SaysInOneLineWhatIsExpected(string options, string expected)
    {
        await using var phone = ChildProgram.Start(IsthmusServer.Program, ["phone", "call", "sip:bob@127.0.0.1:9", .. options.Split(' ')], Path.GetTempPath());
        Assert.Equal(2, await phone.ExitAsync());
        Assert.Contains(expected, Assert.Single(phone.Output.Text.Split('\n')), StringComparison.Ordinal);
    }

    /// <summary>Its standard input stays open and silent: reading it must not keep the phone from ending.</summary>
    [Fact]
    public async Task Listen_Interrupted_UnregistersAndEnds()
    {
        await using var server = await IsthmusServer.StartAsync();
        await using var phone = Listen(server);
        await phone.SaysAsync("IPv4 registered");
        Assert.Contains("sip:bob@example.com", await server.ShowAsync("bindings"), StringComparison.Ordinal);
        await phone.SignalAsync("TERM");
        Assert.Equal(0, await phone.ExitAsync());
        Assert.DoesNotContain("sip:bob@example.com", await server.ShowAsync("bindings"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listen_TypedAt_AnswersHoldsResumesSendsDigitsAndHangsUp()
    {
        await using var server = await IsthmusServer.StartAsync();
        await using var phone = Listen(server);
        await phone.SaysAsync("IPv4 registered");
        await phone.SendAsync("hold");
        await phone.SaysAsync("there is no call");
        await using var alice = IsthmusPhone.Start(new IsthmusPhoneOptions
        {
            Command = ["call", "sip:bob@example.com"],
            Account = "sip:alice@example.com",
            Servers = [server.EndPoint(IpVersion.V4).ToString()],
            Mode = "ipv4",
        });
        await phone.SaysAsync(new Regex("call from .*: ringing"));
        await phone.SendAsync("a");
        Assert.Equal(IpVersion.V4, await alice.EstablishedAsync());
        await phone.SendAsync("hold");
        await phone.SaysAsync(": held");
        await phone.SendAsync("resume");
        await Eventually.IsTrue(() => phone.Output.Count(new("media on IPv4")) == 2, $"the call is resumed. It said:\n{phone.Output.Text}");
        await phone.SendAsync("12#");
        await Eventually.IsTrue(() => alice.Events("digit").Count() == 3, "the digits arrive");
        await phone.SendAsync("h");
        Assert.Equal(0, await alice.ExitAsync());
        await phone.SaysAsync("ended, completed.*sent [0-9]+ packets");
        await phone.SendAsync("q");
        Assert.Equal(0, await phone.ExitAsync());
    }

    private static ChildProgram Listen(IsthmusServer server) => ChildProgram.Start(
        IsthmusServer.Program,
        ["phone", "listen", "--account", "sip:bob@example.com", "--server", server.EndPoint(IpVersion.V4).ToString(), "--mode", "ipv4", "--play", "tone:440"],
        Path.GetTempPath());
}
