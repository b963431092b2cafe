using IntrospectionAuth.Tests.Mutants;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(NearestTestsFirst))]

namespace IntrospectionAuth.Tests.Mutants;

/// <summary>The tests of the folders that are named first come first: most mutants end with one of them.</summary>
public sealed class NearestTestsFirst : ITestCollectionOrderer
{
    private const string OfClass = "Test collection for ";

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Distance)];

    private static int Distance<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        string name = collection.TestCollectionDisplayName;
        int place = name.StartsWith(OfClass, StringComparison.Ordinal)
            ? Array.IndexOf(SelectedTests.Folders, SelectedTests.Folder(name[OfClass.Length..name.LastIndexOf('.')]))
            : -1;
        return place < 0 ? int.MaxValue : place;
    }
}
