// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Location;

/// <summary>The octets of a binding as the objects that a call needs, each made when it is first asked for. From any thread: who comes second makes an equal one.</summary>
internal sealed class BindingObjects(Binding binding)
{
    private Box<Target>? _nextHop;
    private byte[]? _requestUri;

    public NameAddr Contact => field ??= Read(binding.ContactOctets);

    public SipUri Uri => Contact.SipUri!;

    public NameAddr[] Path => field ??= ReadPath();

    // A datagram's flow is kept by its local end only: the other end is the source.
    public Flow? Flow => field ??= binding.HeldFlow is { Transport.IsReliable: false } local ? local.To(binding.Source) : binding.HeldFlow;

    public Target? NextHop => (_nextHop ??= new(Location.NextHop.Of(binding))).Value;

    public ReadOnlyMemory<byte> RequestUri => _requestUri ??= Encoding.UTF8.GetBytes(Uri.WithoutParameter("method").WithoutHeaders().ToString());

    private NameAddr[] ReadPath()
    {
        ReadOnlySpan<byte> path = binding.PathOctets;
        if (path.IsEmpty)
        {
            return [];
        }

        var hops = new List<NameAddr>(2);
        foreach (Range line in path.Split((byte)'\n'))
        {
            hops.Add(Read(path[line]));
        }

        return [.. hops];
    }

    private static NameAddr Read(ReadOnlySpan<byte> text) =>
        NameAddr.TryParse(text, out NameAddr? value) ? value : throw new InvalidOperationException("A binding holds an address that was read before.");

    private sealed record Box<T>(T? Value)
        where T : class;
}
