// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

/// <summary>
/// One callee behind one to three servers, on ways that lose, delay and swallow packets by chance. Whatever happens, the caller has one answer, a server one INVITE, and all ends;
/// where nothing but dead ways and servers is in play, a second INVITE never comes to the callee, not even to be refused.
/// </summary>
public sealed class ServerWalkProperties
{
    private const int Runs = 100;

    [Theory]
    [InlineData(SipTransport.Udp)]
    [InlineData(SipTransport.Tcp)]
    public void Invite_WhateverTheWaysDo_RingsOnceAndEnds(SipTransport transport)
    {
        for (int seed = 1; seed <= Runs; seed++)
        {
            var chance = new Random(seed);
            try
            {
                WalkWorld.Play(w => Scenario(w, chance, transport), seed);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Seed {seed}: {error.Message}", error);
            }
        }
    }

    private static async Task Scenario(WalkWorld w, Random chance, SipTransport transport)
    {
        var callee = new Callee(w, chance);
        int count = chance.Next(1, 4);
        bool isTame = chance.Next(2) == 0; // nothing is lost by chance, and nobody is far away
        for (int i = 0; i < count; i++)
        {
            string[] addresses = [$"2001:db8::{i + 2}0", $"192.0.2.{i + 2}0"];
            int versions = chance.Next(4);
            FarServer far = w.Far($"far{i}", transport, i, versions switch { 0 => addresses[..1], 1 => addresses[1..], _ => addresses });
            far.Serve = request => callee.Serve(far.Name, request);
            far.SaysTrying = true;
            far.AnswersOptions = chance.Next(5) > 0;
            LinkFaults link = w.LinkTo(far);
            link.Blackhole = (IpVersions)chance.Next(4);
            link.Loss = isTame ? 0 : chance.Next(3) * 0.15;
            link.Delay = TimeSpan.FromMilliseconds(chance.Next(1, isTame ? 95 : 900));
            link.Duplication = chance.Next(2) * 0.1;
            if (!isTame && chance.Next(5) == 0)
            {
                IpVersion mute = chance.Next(2) == 0 ? IpVersion.V4 : IpVersion.V6;
                link.IsLost = (from, version) => from == far.Host && version == mute;
            }
        }

        RawMessage invite = w.Alice.Send(w.Alice.Request("INVITE", "sip:bob@far.example", body: ServerWorld.OfferV4));
        bool cancels = chance.Next(3) == 0;
        if (cancels)
        {
            await w.Delay(chance.Next(3000));
            w.Alice.Cancel(invite);
        }

        // Each server may take timer B, and a CANCEL as long again.
        for (int i = 0; i < 260 && !Finals(w).Any(); i++)
        {
            await w.Delay(1000);
        }

        await w.Delay(40_000);
        Assert.Single(Finals(w));
        Assert.All(callee.Invites.GroupBy(request => request.Server), server => Assert.Single(server));
        Assert.True(!isTame || callee.Merged == 0, "two INVITEs reached the callee");
    }

    private static IEnumerable<RawMessage> Finals(WalkWorld w) =>
        w.Alice.Heard.Where(message => !message.FirstLine.StartsWith("SIP/2.0 1", StringComparison.Ordinal) && message["CSeq"]!.EndsWith("INVITE", StringComparison.Ordinal));

    /// <summary>A phone that any of the servers reaches: it rings for the first INVITE, and for another of the same call it says 482 (RFC 3261 §8.2.2.2).</summary>
    private sealed class Callee(WalkWorld w, Random chance)
    {
        private readonly double _hurry = chance.Next(4) * 1500;
        private readonly int _status = chance.Next(2) == 0 ? 486 : 603;

        public List<(string Server, ServerTransaction Request)> Invites { get; } = [];

        /// <summary>How often one came while another one was not ended.</summary>
        public int Merged { get; private set; }

        public void Serve(string server, ServerTransaction request)
        {
            if (request.Method != SipMethod.Invite)
            {
                return;
            }

            bool isBusy = Invites.Any(other => !other.Request.HasFinal);
            Invites.Add((server, request));
            if (isBusy)
            {
                Merged++;
                FarServer.Answer(request, 482);
                return;
            }

            _ = Ring(request);
        }

        private async Task Ring(ServerTransaction request)
        {
            if (chance.Next(2) == 0)
            {
                FarServer.Answer(request, 180);
            }

            await w.Delay(_hurry);
            if (!request.HasFinal)
            {
                FarServer.Answer(request, _status);
            }
        }
    }
}
