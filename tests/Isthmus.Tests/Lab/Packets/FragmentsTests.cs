// SPDX-License-Identifier: Apache-2.0
using Isthmus.Lab;
using Isthmus.Sip;

namespace Isthmus.Tests.Lab.Packets;

public sealed class FragmentsTests
{
    [Theory]
    [InlineData(IpVersion.V4, false)]
    [InlineData(IpVersion.V6, false)]
    [InlineData(IpVersion.V4, true)]
    [InlineData(IpVersion.V6, true)]
    public void Packet_InFragments_IsWholeWithTheLast(IpVersion version, bool backwards)
    {
        byte[] payload = [.. Enumerable.Range(0, 3000).Select(i => (byte)i)];
        var frames = new Frames(Frames.Figure3).Fragmented(0, "T5", "S1", version, payload, 1232).ToList();
        Assert.Equal(3, frames.Count);
        if (backwards)
        {
            frames.Reverse();
        }

        var fragments = new Fragments();
        for (int i = 0; i < frames.Count; i++)
        {
            Assert.True(IpPacket.TryRead(frames[i].Frame, out var part));
            Assert.True(part.IsFragment);
            bool isWhole = fragments.TryComplete(part, out var whole);
            Assert.Equal(i == 2, isWhole);
            if (isWhole)
            {
                Assert.True(Carried.TryRead(whole, out var carried));
                Assert.Equal(payload, carried.Payload.ToArray());
            }
        }
    }
}
