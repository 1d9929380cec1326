// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Isthmus.Media;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Media;

/// <summary>Two terminals with their sessions: each plays a tone and listens for the other's.</summary>
internal sealed class MediaCall : IDisposable
{
    public MediaCall(AudioCodec codec = AudioCodec.Pcmu, bool ipv6 = false, bool start = true)
    {
        Codec = codec;
        Network = new MemoryMedia(Time);
        IPAddress host = ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        A = new Terminal(Network, Time, host, "a@test", 440);
        B = new Terminal(Network, Time, host, "b@test", 1000);
        if (start)
            Start();
    }

    public FakeTimeProvider Time { get; } = new();

    public AudioCodec Codec { get; }

    public MemoryMedia Network { get; }

    public Terminal A { get; }

    public Terminal B { get; }

    public MediaFlow Towards(Terminal other) =>
        new() { Remote = other.Session.LocalRtp, Codec = Codec, SendTelephoneEvent = 101, ReceiveTelephoneEvent = 101 };

    public void Start()
    {
        A.Session.Update(Towards(B));
        B.Session.Update(Towards(A));
    }

    public void Run(double seconds) => Network.Run(TimeSpan.FromSeconds(seconds));

    public void Dispose()
    {
        A.Session.Dispose();
        B.Session.Dispose();
    }

    internal sealed class Terminal : IMediaObserver
    {
        public Terminal(MemoryMedia network, FakeTimeProvider time, IPAddress host, string cname, double toneHz)
        {
            Random random = new((int)toneHz);
            MediaSessionOptions options = new()
            {
                RandomNumbers = () => (uint)random.NextInt64(uint.MaxValue + 1L),
                Source = new ToneSource(toneHz),
                Sink = new SinkGroup(Ear, Meter),
                Observer = this,
                Cname = cname,
            };
            Assert.True(MediaSession.TryOpen(network, host, PortRange.Any, options, time, out MediaSession? session));
            Session = session;
        }

        public MediaSession Session { get; }

        public ToneDetector Ear { get; } = new();

        public LevelMeter Meter { get; } = new();

        public string Digits { get; private set; } = "";

        public int Byes { get; private set; }

        public List<SocketError> Errors { get; } = [];

        public MediaStatistics Statistics => Session.Statistics();

        public void OnDigit(char digit) => Digits += digit;

        public void OnBye() => Byes++;

        public void OnUnreachable(SocketError error) => Errors.Add(error);
    }
}
