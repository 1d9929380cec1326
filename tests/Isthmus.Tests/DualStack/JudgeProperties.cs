// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Isthmus.DualStack;
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.Tests.DualStack;

/// <summary>What holds for every call, whatever the table says.</summary>
public class JudgeProperties
{
    private static readonly Gen<IpVersion> Version = Gen.OneOf(IpVersion.V4, IpVersion.V6);
    private static readonly Gen<IpVersions> Set = Gen.OneOf(IpVersions.None, IpVersions.V4, IpVersions.V6, IpVersions.Both);
    private static readonly Gen<Offer> AnyOffer = Gen.OneOf("-", "?", "4", "6", "mix", "anat", "4ice", "6ice", "4altc", "6altc").Select(JudgeTable.ReadOffer);
    private static readonly Gen<JudgeMethod> Method = Gen.OneOf(Enum.GetValues<JudgeMethod>());

    private static readonly Gen<CallerFacts> AnyCaller = Gen.Select(Set, Gen.Bool, Set, Gen.Bool, static (known, follows, already, isForeign) =>
        new CallerFacts { Known = known, FollowsRedirect = follows, AlreadyRedirectedTo = already, IsForeign = isForeign });

    private static readonly Gen<DeviceFacts> AnyDevice = Gen.Select(
        Gen.Select(Version, Gen.Double[0, 1], static (version, q) => (version, q)).Array[1, 4], Gen.Bool, Set, Set, Gen.Bool, Gen.Int[0, 7],
        static (bindings, judges, can, cannot, ice, reads) => new DeviceFacts
        {
            Id = "",
            Bindings = [.. bindings.Select(static (binding, index) => new BindingFacts(binding.version, index, binding.q))],
            Judges = judges,
            Can = can,
            Cannot = cannot,
            DoesIce = ice,
            Reads = (SessionReaders)reads,
        });

    private static readonly Gen<DeviceFacts[]> AnyDevices = AnyDevice.Array[1, 5].Select(static devices => devices.Select(static (device, index) => device with { Id = $"D{index}" }).ToArray());

    [Fact]
    public void Decide_Always_KeepsItsPromises() => Gen.Select(Method, Version, AnyOffer, AnyCaller, AnyDevices).Sample(static (method, arrival, offer, caller, devices) =>
    {
        var verdict = Judge.Decide(method, arrival, offer, caller, devices);
        return verdict.Kind switch
        {
            // Never two branches to one device, and only on bindings that it has.
            VerdictKind.Forward => verdict.Routes.Select(static route => route.DeviceId).Distinct().Count() == verdict.Routes.Count
                && verdict.Routes.All(route => devices.Single(device => device.Id == route.DeviceId).Bindings[route.BindingIndex].Version == route.Version)
                && (verdict.Version is { } one ? verdict.Routes.All(route => route.Version == one) : verdict.Routes.DistinctBy(static route => route.Version).Count() == 2),
            VerdictKind.Redirect => verdict.Version is { } wanted
                && method != JudgeMethod.Carry && (method == JudgeMethod.Auto ? caller.Known : caller.Possible).Has(wanted) && !caller.AlreadyRedirectedTo.Has(wanted)
                && (method != JudgeMethod.Auto || caller.FollowsRedirect) && devices.Any(device => device.Usable.Has(wanted)),
            _ => verdict.Version is { } acceptable
                && method != JudgeMethod.Carry && (method == JudgeMethod.Arrival || offer.Versions is not null) && devices.Any(device => device.Usable.Has(acceptable)),
        };
    });

    [Fact]
    public void Decide_AfterFollowingARedirect_ForwardsToSomeDevice() => Gen.Select(Method, Version, Version, AnyDevices).Sample(static (method, arrival, offered, devices) =>
    {
        var caller = new CallerFacts { Known = IpVersions.Both, FollowsRedirect = true };
        if (Judge.Decide(method, arrival, Plain(offered), caller, devices) is not { Kind: VerdictKind.Redirect, Version: { } wanted })
        {
            return true;
        }

        var again = Judge.Decide(method, wanted, Plain(wanted), caller with { AlreadyRedirectedTo = wanted.AsSet }, devices);
        return again.Kind == VerdictKind.Forward;
    });

    [Fact]
    public void Decide_Auto_NeverRefusesADeviceThatMayAnswer() => Gen.Select(Version, Version, AnyCaller, AnyDevice).Sample(static (arrival, offered, caller, device) =>
        Judge.Decide(JudgeMethod.Auto, arrival, Plain(offered), caller, [device]) is not { Kind: VerdictKind.Refuse } refuse
        || refuse.Reason == VerdictReason.AlreadyRedirected || (!device.Judges && !device.Possible.Has(offered)));

    private static Offer Plain(IpVersion version) => JudgeTable.ReadOffer(version == IpVersion.V4 ? "4" : "6");
}
