"""pandas as most reconciliation scripts are written: text keys, float quantities, an outer merge.

Usage: pandas_merge.py DATA OUT. Never validates its input.
"""
import json
import sys
from pathlib import Path

import pandas as pd

data, out = Path(sys.argv[1]), Path(sys.argv[2])
mapping = json.loads((data / "mapping.json").read_text())
KEY = ["site", "item", "lot", "category"]


def read(name, columns):
    return pd.read_csv(data / f"{name}.csv", dtype=columns, usecols=list(columns), keep_default_na=False)


def aggregate(rows, side):
    statuses = {status: category for category, sides in mapping["categories"].items() for status in sides[side]}
    rows["category"] = rows["status"].map(statuses)
    rows = rows.merge(packs, on=["item", "uom"], how="left")
    rows["quantity"] = rows["quantity"] * rows["factor"].fillna(1)
    return rows.groupby(KEY, as_index=False)["quantity"].sum()


packs = read("packs", {"item": str, "uom": str, "factor": float})
erp = read("erp_stock", {"WERKS": str, "MATNR": str, "CHARG": str, "STOCK_TYPE": str, "LABST": float, "MEINS": str})
erp = erp.rename(columns={"MATNR": "item", "CHARG": "lot", "STOCK_TYPE": "status", "LABST": "quantity", "MEINS": "uom"})
erp["site"] = erp["WERKS"].map(mapping["sites"])
erp = aggregate(erp.drop(columns="WERKS"), "erp")

wms = read("wms_stock", {"site": str, "item": str, "lot": str, "status": str, "quantity": float, "uom": str})
aliases = read("aliases", {"system": str, "alias": str, "item": str})
aliases = aliases[aliases["system"] == "wms1"].set_index("alias")["item"]
wms["item"] = wms["item"].map(aliases).fillna(wms["item"])
wms = aggregate(wms, "wms")

both = erp.merge(wms, on=KEY, how="outer", suffixes=("_erp", "_wms")).fillna({"quantity_erp": 0, "quantity_wms": 0})
both["variance_quantity"] = (both["quantity_wms"] - both["quantity_erp"]).round(3)
both = both[both["variance_quantity"] != 0]
items = read("items", {"item": str, "unit_cost": float})
both = both.merge(items, on="item")
both["variance_value"] = (both["variance_quantity"] * both["unit_cost"]).round(2)
both["magnitude"] = both["variance_value"].abs()
both = both.sort_values(["magnitude", *KEY], ascending=[False, True, True, True, True])
both = both.rename(columns={"quantity_erp": "erp_quantity", "quantity_wms": "wms_quantity"}).round({"erp_quantity": 3, "wms_quantity": 3})
both.to_csv(out / "discrepancies.csv", index=False, columns=[*KEY, "erp_quantity", "wms_quantity", "variance_quantity", "variance_value"])
